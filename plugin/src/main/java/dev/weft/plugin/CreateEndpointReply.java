package dev.weft.plugin;

import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import org.jspecify.annotations.Nullable;

/// What the driver chose where the request left it open; null leaves it so.
///
/// @param address only with `--ipam-driver null`, or the engine says "driver modified interface address"
/// @param mac     the engine sets it on the link; without one the link keeps its own
public record CreateEndpointReply(
        @Nullable Cidr address,
        @Nullable Cidr addressIpv6,
        @Nullable MacAddress mac) {
    public static final CreateEndpointReply UNCHANGED = new CreateEndpointReply(null, null, null);

    /// The addresses as the engine gave them, and this MAC address, where the engine gave none.
    public static CreateEndpointReply mac(MacAddress mac) {
        return new CreateEndpointReply(null, null, mac);
    }
}
