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
    /// What a command without options asks for.
    public static final EndpointSettings NONE = new EndpointSettings(null, null, null, EndpointOptions.NONE);

    /// `--ip`.
    ///
    /// @param address such as `10.1.0.7`
    /// @throws IllegalArgumentException if it is no address
    public EndpointSettings withIp(String address) {
        return new EndpointSettings(InetAddress.ofLiteral(address), ip6, mac, options);
    }

    /// `--ip6`.
    ///
    /// @param address such as `fd01::7`
    /// @throws IllegalArgumentException if it is no address
    public EndpointSettings withIp6(String address) {
        return new EndpointSettings(ip, InetAddress.ofLiteral(address), mac, options);
    }

    /// `--mac-address`.
    ///
    /// @param address such as `02:42:0a:01:00:07`
    /// @throws IllegalArgumentException if it is no MAC address
    public EndpointSettings withMac(String address) {
        return new EndpointSettings(ip, ip6, MacAddress.parse(address), options);
    }

    /// `-p`, `--dns`, `--driver-opt` and the like, instead of those there were.
    public EndpointSettings withOptions(EndpointOptions all) {
        return new EndpointSettings(ip, ip6, mac, all);
    }
}
