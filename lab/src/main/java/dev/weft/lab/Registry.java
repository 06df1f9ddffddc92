package dev.weft.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;

/// A registry of images and plugins on a host's loopback, to which engines speak without TLS.
final class Registry {
    private static final String NAME = "localhost:5000";
    private static final String CONFIGURATION = "/run/registry.yml";
    private static final Duration START = Duration.ofMinutes(1);

    private Registry() {}

    static String start(Host host) {
        try {
            Files.writeString(host.path(CONFIGURATION), """
                    version: 0.1
                    log: {level: warn}
                    storage: {filesystem: {rootdirectory: /run/registry}}
                    http: {addr: "127.0.0.1:5000"}
                    """);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        var program = Cache.ofThisMachine().registry().resolve("usr/bin/docker-registry");
        var daemon = host.daemon("registry", List.of(program.toString(), "serve", CONFIGURATION));
        daemon.await(
                () -> host.sh("busybox wget -q -O - http://127.0.0.1:5000/v2/").exitCode() == 0, START);
        return NAME;
    }
}
