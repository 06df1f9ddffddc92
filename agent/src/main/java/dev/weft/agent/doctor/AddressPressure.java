package dev.weft.agent.doctor;

import dev.weft.ipam.PoolUse;
import java.util.List;

/// Subnets of Weft's IPAM driver that are full, or nearly so.
final class AddressPressure {
    /// Given, of what can be chosen.
    private static final double MUCH = 0.9;

    private AddressPressure() {}

    static List<Finding> of(Snapshot facts) {
        return facts.recorded().pools().stream()
                .filter(use -> use.size() - use.free() >= MUCH * use.size())
                .map(use -> finding(facts, use))
                .toList();
    }

    private static Finding finding(Snapshot facts, PoolUse use) {
        var id = use.pool().networkId();
        var network = id == null ? "" : " of network " + facts.recorded().title(id);
        var subnet = "subnet " + use.pool().range() + network;
        var advice = " Remove containers that are not used, or create the network again with a larger --subnet.";
        return use.free() == 0
                ? Finding.error(
                        "pool-full",
                        use.pool().id(),
                        subnet + " is full: all " + use.size() + " addresses are given, and no further container can"
                                + " start there." + advice)
                : Finding.warning(
                        "pool-nearly-full",
                        use.pool().id(),
                        subnet + " is nearly full: " + use.free() + " of " + use.size() + " addresses are free."
                                + advice);
    }
}
