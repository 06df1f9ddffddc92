package dev.weft.plugin.client;

import dev.weft.inet.MacAddress;
import dev.weft.plugin.EndpointOptions;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/// What `docker run --network` or `docker network connect` asks of one endpoint.
///
/// @param ip      `--ip`
/// @param ip6     `--ip6`
/// @param mac     `--mac-address`
/// @param options ports, DNS servers, `--driver-opt`
public record EndpointSettings(
        @Nullable InetAddress ip,
        @Nullable InetAddress ip6,
        @Nullable MacAddress mac,
        EndpointOptions options) {
    public static final EndpointSettings NONE = new EndpointSettings(null, null, null, EndpointOptions.NONE);

    /// `--ip`, without prefix length.
    public EndpointSettings withIp(String address) {
        return new EndpointSettings(InetAddress.ofLiteral(address), ip6, mac, options);
    }

    /// `--ip6`, without prefix length.
    public EndpointSettings withIp6(String address) {
        return new EndpointSettings(ip, InetAddress.ofLiteral(address), mac, options);
    }

    /// `--mac-address`.
    public EndpointSettings withMac(String address) {
        return new EndpointSettings(ip, ip6, MacAddress.parse(address), options);
    }

    /// Ports, DNS servers and driver options, in place of those before.
    public EndpointSettings withOptions(EndpointOptions all) {
        return new EndpointSettings(ip, ip6, mac, all);
    }
}
