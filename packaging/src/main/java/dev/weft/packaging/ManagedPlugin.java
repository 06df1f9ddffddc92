package dev.weft.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// Docker's managed plugin: `config.json` and `rootfs`, as `docker plugin create` takes them.
final class ManagedPlugin {
    private static final Path AT = Path.of("/usr/lib/weft");
    private static final Pattern LIBRARY = Pattern.compile("^\\s*(?:\\S+ => )?(/\\S+) \\(0x");

    /// Mount points, and what engines mount over files that must be there.
    private static final List<String> FOLDERS = List.of(
            "rootfs/proc",
            "rootfs/sys",
            "rootfs/dev",
            "rootfs/run",
            "rootfs/tmp",
            "rootfs/etc",
            "rootfs/var",
            "rootfs/var/lib",
            "rootfs/var/lib/weft",
            "rootfs/host",
            "rootfs/host/run");

    /// Of `/run`, what is the host's.
    private static final List<String> HOSTS = List.of("docker.sock", "netns", "weft", "docker/netns");

    private ManagedPlugin() {}

    /// @param home of the repository
    /// @param work for files that are made here
    static List<Entry> entries(Path home, Installation installation, Path work)
            throws IOException, InterruptedException {
        var config = work.resolve("config.json");
        Files.writeString(config, PluginConfig.text(Files.readString(home.resolve("packaging/plugin/config.json"))));
        var passwd = Files.writeString(work.resolve("passwd"), "root:x:0:0:root:/:/usr/sbin/nologin\n");
        var contents = new ArrayList<Entry>();
        contents.addAll(Entry.tree(installation.folder(), "rootfs" + AT));
        contents.removeIf(entry -> entry.name().matches("rootfs/usr/lib/weft/(setup|weft|weft.toml|systemd(/.*)?)"));
        for (var library : libraries(installation)) {
            contents.add(new Entry.Content("rootfs" + library, library, true));
        }
        contents.add(new Entry.Content("rootfs/etc/passwd", passwd, false));
        HOSTS.forEach(path -> contents.add(new Entry.Link("rootfs/run/" + path, "/host/run/" + path)));
        var entries = new LinkedHashSet<Entry>();
        entries.add(new Entry.Content("config.json", config, false));
        FOLDERS.forEach(folder -> {
            entries.addAll(Entry.foldersAbove(folder));
            entries.add(new Entry.Folder(folder));
        });
        contents.forEach(entry -> {
            entries.addAll(Entry.foldersAbove(entry.name()));
            entries.add(entry);
        });
        return List.copyOf(entries);
    }

    /// The C library and whatever else Java's and SQLite's native code is linked with, by the paths at which the
    /// machine's loader finds them.
    private static Set<Path> libraries(Installation installation) throws IOException, InterruptedException {
        var libraries = new TreeSet<Path>();
        var runtime = installation.folder().resolve("runtime");
        try (var files = Files.walk(runtime)) {
            for (var file : files.filter(ManagedPlugin::isNative).toList()) {
                for (var line : ldd(file)) {
                    var library = LIBRARY.matcher(line);
                    if (library.find() && !library.group(1).startsWith(runtime.toString())) {
                        libraries.add(Path.of(library.group(1)));
                    }
                }
            }
        }
        if (libraries.stream().noneMatch(library -> library.toString().contains("libc."))) {
            throw new PackagingException("ldd does not tell which C library the runtime image needs");
        }
        return libraries;
    }

    private static boolean isNative(Path file) {
        var name = file.getFileName().toString();
        return name.endsWith(".so") || (name.equals("java") && Files.isRegularFile(file));
    }

    private static List<String> ldd(Path file) throws IOException, InterruptedException {
        var process = new ProcessBuilder("ldd", file.toString())
                .redirectErrorStream(true)
                .start();
        var lines = process.inputReader().lines().toList();
        if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
            throw new PackagingException("ldd " + file + " failed: " + String.join(" ", lines));
        }
        return lines;
    }
}
