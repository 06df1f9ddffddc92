package dev.weft.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/// What labs leave whose JVM and keeper were both killed: files and empty cgroups (their processes, and with these all
/// namespaces, links and mounts, never outlive the JVM).
final class Leftovers {
    static final String PREFIX = "weft-lab-";
    private static final Pattern NAME = Pattern.compile(PREFIX + "(\\d+)-\\d+");
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
    private static final AtomicInteger COUNT = new AtomicInteger();

    private Leftovers() {}

    /// A name that says whose lab it is.
    static String newName() {
        return PREFIX + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
    }

    /// Where each lab has a folder.
    static Path folder() {
        return Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
    }

    /// Removes them; the labs of living processes are not touched.
    static void sweep() {
        var dead = new TreeSet<String>();
        try {
            collect(folder(), dead);
            collect(CGROUPS, dead);
            try (var hierarchies = Files.newDirectoryStream(CGROUPS, Files::isDirectory)) {
                for (Path hierarchy : hierarchies) {
                    collect(hierarchy, dead);
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        dead.forEach(Leftovers::remove);
    }

    private static void collect(Path folder, Set<String> dead) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> labs = Files.newDirectoryStream(folder, PREFIX + "*")) {
            for (Path lab : labs) {
                var name = NAME.matcher(lab.getFileName().toString());
                if (name.matches() && !ownerLives(Long.parseLong(name.group(1)), lab)) {
                    dead.add(name.group());
                }
            }
        }
    }

    /// A process that began after the folder was made only has the number of the one that made it.
    private static boolean ownerLives(long pid, Path lab) throws IOException {
        FileTime made;
        try {
            made = Files.readAttributes(lab, BasicFileAttributes.class).creationTime();
        } catch (NoSuchFileException justRemoved) {
            return true;
        }
        return ProcessHandle.of(pid)
                .filter(owner -> owner.info()
                        .startInstant()
                        .map(start -> !start.isAfter(made.toInstant().plusSeconds(1)))
                        .orElse(true))
                .isPresent();
    }

    private static void remove(String name) {
        var words = List.of(
                "sh",
                "-c",
                Script.named("remove.sh"),
                "remove",
                folder().resolve(name).toString(),
                name);
        new Command("remove " + name, words, Map.of("PATH", Host.PATH)).run();
    }
}
