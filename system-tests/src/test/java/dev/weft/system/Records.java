package dev.weft.system;

import dev.weft.lab.Host;
import dev.weft.state.Registry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What the agent of a host has on record.
///
/// @param networks  how many
/// @param endpoints how many
/// @param pools     how many
/// @param addresses of Weft's IPAM driver, how many
record Records(int networks, int endpoints, int pools, int addresses) {
    static final Records NONE = new Records(0, 0, 0, 0);

    /// @param folder for a copy
    static Records of(Host host, Path folder) throws IOException {
        try (var registry = copy(host, folder)) {
            int addresses = registry.pools().stream()
                    .mapToInt(pool -> registry.addressesOf(pool.id()).size())
                    .sum();
            return new Records(
                    registry.networks().size(),
                    registry.endpoints().size(),
                    registry.pools().size(),
                    addresses);
        }
    }

    /// For which nobody need stop the agent. No call may be under way.
    static Registry copy(Host host, Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve("weft.db-commits")); // of an earlier copy
        for (var file : List.of("weft.db", "weft.db-wal")) {
            Files.deleteIfExists(folder.resolve(file));
            var original = host.path("/var/lib/weft").resolve(file);
            if (Files.exists(original)) { // SQLite's write-ahead log comes with the first write
                Files.copy(original, folder.resolve(file));
            }
        }
        return Registry.open(folder);
    }
}
