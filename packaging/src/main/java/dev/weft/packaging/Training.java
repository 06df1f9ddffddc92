package dev.weft.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Makes the AOT cache: the program runs once, does all it can do, and Java writes down which classes that took and how
/// they were linked (JEP 514). The cache is another one each time, also of the same program.
final class Training {
    private static final long MINUTES = 5;

    private Training() {}

    /// In namespaces of its own, where it makes networks and links that nobody sees; needs no root where
    /// users may make user namespaces.
    ///
    /// @throws PackagingException with the program's own words if it does not succeed
    static void run(Installation installation) throws IOException, InterruptedException {
        var folder = Files.createTempDirectory("weft-training");
        try {
            rehearse(installation, folder);
        } finally {
            Installation.delete(folder);
        }
        if (!Files.isRegularFile(installation.cache())) {
            throw new PackagingException("the rehearsal of the agent left no AOT cache at " + installation.cache());
        }
        installation.settle();
    }

    private static void rehearse(Installation installation, Path folder) throws IOException, InterruptedException {
        var log = folder.resolve("log");
        var words = new ArrayList<>(List.of("unshare", "--net", "--mount"));
        if (!"root".equals(System.getProperty("user.name"))) {
            words.add("--map-root-user");
        }
        words.addAll(List.of("sh", "-c", "mount -t tmpfs none /run && exec \"$@\"", "rehearsal"));
        for (var word : Installation.java(installation.folder())) {
            words.add(word.replace("-XX:AOTCache=", "-XX:AOTCacheOutput="));
        }
        words.addAll(List.of("rehearse", folder.toString()));
        var process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                throw new PackagingException(
                        "the rehearsal of the agent took more than " + MINUTES + " minutes: " + Files.readString(log));
            }
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw new PackagingException("the rehearsal of the agent failed: " + Files.readString(log));
        }
    }
}
