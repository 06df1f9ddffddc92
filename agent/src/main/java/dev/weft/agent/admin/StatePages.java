package dev.weft.agent.admin;

import dev.weft.state.Registry;
import dev.weft.state.StateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// `POST /v1/state/check` and `POST /v1/state/backup`: the state of an agent that has it open.
final class StatePages {
    private StatePages() {}

    static Map<String, ?> check(Registry registry) {
        var page = new LinkedHashMap<String, Object>();
        page.put("file", registry.toString());
        try {
            registry.check();
            page.put("sound", true);
            page.put("records", counts(registry));
        } catch (StateException damage) {
            page.put("sound", false);
            page.put("sentence", String.valueOf(damage.getMessage()));
        }
        return page;
    }

    private static Map<String, ?> counts(Registry registry) {
        var counts = new LinkedHashMap<String, Object>();
        counts.put("network", registry.networks().size());
        counts.put("endpoint", registry.endpoints().size());
        counts.put("pool", registry.pools().size());
        counts.put(
                "address",
                registry.pools().stream()
                        .mapToInt(pool -> registry.addressesOf(pool.id()).size())
                        .sum());
        counts.put("engine", registry.engine().isPresent() ? 1 : 0);
        counts.put("tombstone", registry.tombstones().size());
        return counts;
    }

    static Map<String, ?> backup(Registry registry, Path file) {
        if (!file.isAbsolute()) {
            throw new Rejection(Rejection.BAD_REQUEST, "the file of a backup is named by a path that begins with '/'.");
        }
        registry.backup(file);
        var page = new LinkedHashMap<String, Object>();
        page.put("file", file.toString());
        try {
            page.put("bytes", Files.size(file));
            return page;
        } catch (IOException goneMeanwhile) {
            throw new Rejection(
                    Rejection.FAILED, "the backup " + file + " was written, and is gone; see who removes it.");
        }
    }
}
