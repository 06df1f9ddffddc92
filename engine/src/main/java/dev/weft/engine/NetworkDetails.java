package dev.weft.engine;

import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A network, and its endpoints on this host.
public record NetworkDetails(Network network, List<Attached> endpoints) {
    public NetworkDetails {
        endpoints = List.copyOf(endpoints);
    }

    /// An endpoint that the engine has.
    ///
    /// @param containerId null while the endpoint is in no sandbox; of the engine's own endpoints a name such as
    ///     `ingress-sbox`
    /// @param name        of the endpoint: the container's
    /// @param mac         null where the driver has none, as has ipvlan
    public record Attached(
            String endpointId,
            @Nullable String containerId,
            String name,
            @Nullable Cidr ipv4,
            @Nullable Cidr ipv6,
            @Nullable MacAddress mac) {}
}
