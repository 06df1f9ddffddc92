package dev.weft.state;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;

/// A network of this host, as it was when its creation was answered.
///
/// @param id      Docker's network id, 64 hexadecimal digits (25 letters and digits for swarm's)
/// @param mode    which driver carries it, `vxlan`
/// @param mtu     bytes of an IP packet inside the network
/// @param options the `-o` pairs of `docker network create`, as given
public record NetworkRecord(
        String id, String mode, int mtu, boolean internal, List<PoolRecord> pools, Map<String, String> options) {
    public NetworkRecord {
        requireNonNull(id, "id");
        requireNonNull(mode, "mode");
        pools = List.copyOf(pools);
        options = Map.copyOf(options);
    }
}
