package dev.weft.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// How the lab starts docker-compose.
///
/// @param usr with its Python and all that this needs but the C library
record Compose(Path usr) {
    static Compose ofThisMachine() {
        return new Compose(Cache.ofThisMachine().compose().resolve("usr"));
    }

    /// Python finds its own library from where it lies.
    List<String> with(String... arguments) {
        var words = new ArrayList<>(List.of(
                usr.resolve("bin/python3.11").toString(),
                usr.resolve("bin/docker-compose").toString()));
        words.addAll(List.of(arguments));
        return words;
    }

    Map<String, String> environment() {
        return Map.of("LD_LIBRARY_PATH", libraries().toString(), "DOCKER_HOST", "unix:///run/docker.sock");
    }

    /// `x86_64-linux-gnu`, say.
    private Path libraries() {
        try (var found = Files.newDirectoryStream(usr.resolve("lib"), "*-linux-gnu*")) {
            return found.iterator().next();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
