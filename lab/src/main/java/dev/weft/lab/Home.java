package dev.weft.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/// Where things are on this machine.
final class Home {
    private Home() {}

    /// The root of the repository: system property `weft.home`, or found upwards from the working directory.
    static Path folder() {
        String named = System.getProperty("weft.home", "");
        if (!named.isEmpty()) {
            return Path.of(named).toAbsolutePath();
        }
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("weft")) || Files.exists(folder.resolve(".mvn"))) {
                return folder;
            }
        }
        throw new LabException(
                "cannot find Weft's repository above " + Path.of("").toAbsolutePath() + "; name it with -Dweft.home");
    }

    /// A program of this machine, found as a shell run by root finds it.
    static Optional<Path> onPath(String program) {
        String folders = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/usr/bin:/sbin:/bin";
        return Stream.of(folders.split(":", -1))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
