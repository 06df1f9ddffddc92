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

    /// Leaves the copy in the folder of the admin socket, which an agent in a sandbox or in a managed plugin shares
    /// with
    /// those who ask it, for the command to take it away.
    static Map<String, ?> backup(Registry registry, Path folder) {
        var file = registry.backupInto(folder);
        var page = new LinkedHashMap<String, Object>();
        page.put("file", file.toString());
        try {
            page.put("bytes", Files.size(file));
            return page;
        } catch (IOException goneMeanwhile) {
            throw new Rejection(Rejection.FAILED, "another backup was made meanwhile; try again.");
        }
    }
}
