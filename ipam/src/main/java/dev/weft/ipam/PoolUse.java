package dev.weft.ipam;

import dev.weft.inet.AddressText;
import dev.weft.state.PoolRecord;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/// How much of a pool is in use.
///
/// @param size    addresses that can be chosen; of an IPv6 range of more than 2^62, so many
/// @param given   those included that were given by name beyond the range
/// @param free    of those that can be chosen
/// @param gateway if it was given
public record PoolUse(
        PoolRecord pool,
        long size,
        long given,
        long free,
        @Nullable InetAddress gateway) {
    /// Why no address could be chosen, and what to do.
    String exhaustion() {
        boolean isPart = !pool.range().equals(pool.subnet());
        var where = isPart ? "--ip-range " + pool.range() + " of subnet " + pool.subnet() : "subnet " + pool.subnet();
        var gateways = gateway != null && pool.range().contains(gateway)
                ? ", one of them to the gateway (" + AddressText.of(gateway) + ")"
                : "";
        return "no address is free in " + where + ": all " + size + " are given" + gateways
                + "; remove containers that are not used, or create the network with a larger "
                + (isPart ? "--ip-range." : "--subnet.");
    }
}
