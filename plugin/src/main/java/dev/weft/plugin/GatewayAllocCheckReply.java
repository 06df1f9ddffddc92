package dev.weft.plugin;

/// For which families the engine takes no address for a gateway, so that the first one is left to a container. One that
/// the user asked for with `--gateway` is taken in any case.
///
/// @param skipIpv4 no IPv4 gateway
/// @param skipIpv6 no IPv6 gateway
public record GatewayAllocCheckReply(boolean skipIpv4, boolean skipIpv6) {
    /// A gateway in both families, as without the check.
    public static final GatewayAllocCheckReply TAKE = new GatewayAllocCheckReply(false, false);
}
