package dev.weft.plugin;

import dev.weft.inet.MacAddress;
import java.net.InetAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Body of `IpamDriver.RequestAddress`.
///
/// @param poolId  from [PoolReply]
/// @param address `--gateway`, `--aux-address` or `--ip`; absent: the driver chooses
/// @param gateway whether the address is to be the network's gateway
/// @param mac     of the endpoint; only with [IpamCapabilities#requiresMacAddress]
/// @param options further ones; swarm sends the network's `--ipam-opt` pairs
public record AddressRequest(
        String poolId,
        @Nullable InetAddress address,
        boolean gateway,
        @Nullable MacAddress mac,
        Map<String, String> options) {
    /// Copies the map.
    public AddressRequest {
        options = Map.copyOf(options);
    }
}
