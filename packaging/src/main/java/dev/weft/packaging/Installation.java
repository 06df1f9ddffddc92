package dev.weft.packaging;

import dev.weft.agent.config.Configuration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// The folder `/usr/lib/weft`, as all packages have it.
record Installation(Path folder) {
    /// Of every file in every package: for one, the AOT cache holds for files of the same time and size only.
    static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");

    private static final String EXECUTABLE = "rwxr-xr-x";

    /// Everything but the AOT cache.
    static Installation lay(Path home, Program program, Platform platform, Path folder)
            throws IOException, InterruptedException {
        var sources = home.resolve("packaging");
        Files.createDirectories(folder);
        RuntimeImage.make(folder.resolve("runtime"));
        program.lay(platform, folder.resolve("lib"));
        Files.copy(home.resolve("agent/jvm.options"), folder.resolve("jvm.options"));
        Files.copy(sources.resolve("files/weft"), folder.resolve("weft"));
        Files.copy(sources.resolve("files/setup"), folder.resolve("setup"));
        Files.copy(home.resolve("LICENSE"), folder.resolve("LICENSE"));
        Files.writeString(folder.resolve("VERSION"), program.version() + "\n");
        Files.writeString(folder.resolve("weft.toml"), Configuration.example());
        var units = Files.createDirectory(folder.resolve("systemd"));
        for (var unit : List.of("weft.socket", "weft.service")) {
            Files.copy(sources.resolve("systemd").resolve(unit), units.resolve(unit));
        }
        var installation = new Installation(folder);
        installation.settle();
        return installation;
    }

    /// Gives everything its time and mode, whatever they are in the repository.
    void settle() throws IOException {
        for (var path : paths()) {
            if (!Files.isSymbolicLink(path)) {
                boolean executable = Files.isDirectory(path) || Files.isExecutable(path) || isScript(path);
                Files.setPosixFilePermissions(
                        path, PosixFilePermissions.fromString(executable ? EXECUTABLE : "rw-r--r--"));
            }
            Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .setTimes(FileTime.from(TIME), null, null);
        }
    }

    private boolean isScript(Path path) {
        return path.equals(folder.resolve("weft")) || path.equals(folder.resolve("setup"));
    }

    /// Contents before folders, so that a folder's time stays.
    private List<Path> paths() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.sorted(Comparator.reverseOrder()).toList();
        }
    }

    Path cache() {
        return folder.resolve("weft.aot");
    }

    /// What the packaged launcher runs, and the managed plugin.
    ///
    /// @param at where it is installed
    static List<String> java(Path at) {
        return List.of(
                at.resolve("runtime/bin/java").toString(),
                "@" + at.resolve("jvm.options"),
                "-XX:AOTCache=" + at.resolve("weft.aot"),
                "-Xlog:disable",
                "-Xlog:all=error:stderr",
                "-jar",
                at.resolve("lib/weft.jar").toString());
    }

    static void delete(Path tree) throws IOException {
        if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> all = Files.walk(tree)) {
            for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }
}
