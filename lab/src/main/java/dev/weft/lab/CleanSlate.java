package dev.weft.lab;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a test found, and its restoration for the next test.
final class CleanSlate {
    private final Lab lab;
    private final Map<Host, List<String>> engineOptions = new HashMap<>();

    CleanSlate(Lab lab) {
        this.lab = lab;
        lab.hosts().forEach(host -> engineOptions.put(host, host.engineOptions()));
    }

    void restore() {
        lab.healAll();
        lab.hosts().forEach(this::restore);
    }

    private void restore(Host host) {
        List<String> options = engineOptions.getOrDefault(host, List.of());
        boolean changed = !options.equals(host.engineOptions());
        host.engineOptions(options);
        if (!host.isUp()) {
            host.boot();
        } else if (!host.engineRuns()) {
            host.startEngine();
        }
        removeAll(host);
        if (changed) {
            host.restartEngine();
        }
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
