package dev.weft.plugin.client;

import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.plugin.EndpointKey;
import dev.weft.plugin.JoinReply;
import org.jspecify.annotations.Nullable;

/// A running container's connection to a network.
///
/// @param key         under which plugins know it
/// @param network     one of the container's
/// @param address     from the IPAM driver, or from the network driver where there was none
/// @param addressIpv6 likewise
/// @param mac         from the user, or from the network driver; absent: the link keeps its own
/// @param joined      the network driver's answer to Join
public record Endpoint(
        EndpointKey key,
        Network network,
        @Nullable Cidr address,
        @Nullable Cidr addressIpv6,
        @Nullable MacAddress mac,
        JoinReply joined) {
    boolean hasGateway() {
        return joined.gateway() != null || joined.gatewayIpv6() != null;
    }
}
