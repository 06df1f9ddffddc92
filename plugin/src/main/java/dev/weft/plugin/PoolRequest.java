package dev.weft.plugin;

import dev.weft.inet.Subnet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Body of `IpamDriver.RequestPool`.
///
/// @param addressSpace one of [AddressSpaces]
/// @param pool         `--subnet`; absent: the driver chooses
/// @param subPool      `--ip-range`, within the pool
/// @param options      the `--ipam-opt key=value` pairs
/// @param ipv6         the family that is wanted where no pool is named
public record PoolRequest(
        String addressSpace,
        @Nullable Subnet pool,
        @Nullable Subnet subPool,
        Map<String, String> options,
        boolean ipv6) {
    /// Copies the map.
    public PoolRequest {
        options = Map.copyOf(options);
    }
}
