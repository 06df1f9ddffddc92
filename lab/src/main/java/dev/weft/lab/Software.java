package dev.weft.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One engine and its tools, unpacked.
///
/// @param own the engine's files
/// @param tools laid over the machine's `/usr`
/// @param libraries laid under the machine's `/usr`
/// @param image tar file of the root of `busybox:latest`
/// @param packages lines of a Debian package's name and version
record Software(Path own, Path tools, Path libraries, Path image, String packages) {
    /// Lower folders of an overlay on the machine's `/usr`, first wins (mount option `lowerdir`).
    String usrLayers(Path skeleton) {
        return Stream.of(skeleton, own, tools, Path.of("/"), libraries)
                .map(root -> root.resolve("usr"))
                .filter(Files::isDirectory)
                .map(Path::toString)
                .collect(Collectors.joining(":"));
    }

    /// Debian's version of the engine's package.
    String packageVersion() {
        return packages.lines()
                .filter(line -> line.startsWith("docker.io "))
                .map(line -> line.substring("docker.io ".length()))
                .findFirst()
                .orElse("unknown");
    }
}
