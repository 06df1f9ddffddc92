package dev.weft.engine;

import java.util.Map;

/// A network to be created on this host.
///
/// @param ipam    its driver may be `default`; without pools it chooses them
/// @param options of the driver
public record NetworkSpec(
        String name,
        String driver,
        boolean internal,
        boolean ipv6,
        Ipam ipam,
        Map<String, String> options,
        Map<String, String> labels) {
    public NetworkSpec {
        options = Map.copyOf(options);
        labels = Map.copyOf(labels);
    }
}
