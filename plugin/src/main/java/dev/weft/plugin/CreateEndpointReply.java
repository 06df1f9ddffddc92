package dev.weft.plugin;

import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import org.jspecify.annotations.Nullable;

/// What the driver chose where the request left it open; null leaves it so.
///
/// @param address     only with `--ipam-driver null`, or the engine says "driver modified interface address"
/// @param addressIpv6 likewise
/// @param mac         the engine sets it on the link; without one the link keeps its own
public record CreateEndpointReply(
        @Nullable Cidr address,
        @Nullable Cidr addressIpv6,
        @Nullable MacAddress mac) {
    /// Nothing was open, or it may stay so.
    public static final CreateEndpointReply UNCHANGED = new CreateEndpointReply(null, null, null);

    /// The link's MAC address is the driver's choice; for a request without one.
    public static CreateEndpointReply mac(MacAddress mac) {
        return new CreateEndpointReply(null, null, mac);
    }
}
