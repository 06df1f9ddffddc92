package dev.weft.state;

import static java.util.Objects.requireNonNull;

import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import org.jspecify.annotations.Nullable;

/// A container's place in a network of this host.
///
/// @param id      Docker's endpoint id, new at each start of a container
/// @param ipv4    null on a network without IPv4
/// @param ipv6    null on a network without IPv6
/// @param sandbox path of the container's network namespace while joined, else null
public record EndpointRecord(
        String id,
        String networkId,
        @Nullable Cidr ipv4,
        @Nullable Cidr ipv6,
        MacAddress mac,
        @Nullable String sandbox) {
    public EndpointRecord {
        requireNonNull(id, "id");
        requireNonNull(networkId, "networkId");
        requireNonNull(mac, "mac");
    }

    public boolean joined() {
        return sandbox != null;
    }

    public EndpointRecord joinedTo(String sandboxPath) {
        return new EndpointRecord(id, networkId, ipv4, ipv6, mac, sandboxPath);
    }

    public EndpointRecord left() {
        return new EndpointRecord(id, networkId, ipv4, ipv6, mac, null);
    }
}
