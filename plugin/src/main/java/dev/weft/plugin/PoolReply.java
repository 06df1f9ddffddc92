package dev.weft.plugin;

import static java.util.Objects.requireNonNull;

import dev.weft.inet.Subnet;
import java.util.Map;

/// Answer to `IpamDriver.RequestPool`.
///
/// @param poolId the driver's own name for the pool, which comes back with each call about it
/// @param pool   as asked for; where the request left it open, what the driver chose
/// @param data   free-form, kept by the engine
public record PoolReply(String poolId, Subnet pool, Map<String, String> data) {
    /// Copies the map.
    public PoolReply {
        requireNonNull(poolId, "poolId");
        requireNonNull(pool, "pool");
        data = Map.copyOf(data);
    }

    /// Without data.
    public PoolReply(String poolId, Subnet pool) {
        this(poolId, pool, Map.of());
    }
}
