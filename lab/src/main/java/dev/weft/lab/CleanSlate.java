package dev.weft.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a test found, and its restoration for the next test.
final class CleanSlate {
    private final Lab lab;
    private final Map<Host, Settings> found = new HashMap<>();

    /// How an engine was started.
    ///
    /// @param file content of `daemon.json`, empty if there is none
    private record Settings(List<String> options, String file) {
        static Settings of(Host host) {
            try {
                Path file = file(host);
                return new Settings(host.engineOptions(), Files.exists(file) ? Files.readString(file) : "");
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        void applyTo(Host host) {
            host.engine().options(options);
            try {
                if (file.isEmpty()) {
                    Files.deleteIfExists(file(host));
                } else {
                    Files.writeString(file(host), file);
                }
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        private static Path file(Host host) {
            return host.path("/etc/docker/daemon.json");
        }
    }

    CleanSlate(Lab lab) {
        this.lab = lab;
        lab.hosts().forEach(host -> found.put(host, Settings.of(host)));
    }

    void restore() {
        lab.healAll();
        found.forEach(CleanSlate::restore);
    }

    private static void restore(Host host, Settings settings) {
        boolean same = settings.equals(Settings.of(host));
        settings.applyTo(host);
        if (!host.isUp()) {
            host.boot();
        } else if (!host.engineRuns()) {
            host.startEngine();
        } else if (!same) {
            removeAll(host); // or the engine would wait for containers to stop
            host.restartEngine();
        }
        removeAll(host);
    }

    private static void removeAll(Host host) {
        host.sh("""
                        containers=$(docker ps --all --quiet)
                        [ -z "$containers" ] || docker rm --force --volumes $containers
                        networks=$(docker network ls --quiet --filter type=custom)
                        [ -z "$networks" ] || docker network rm $networks
                        """).ok();
    }
}
