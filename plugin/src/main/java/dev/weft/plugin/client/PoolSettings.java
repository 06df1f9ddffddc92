package dev.weft.plugin.client;

import dev.weft.inet.Subnet;
import java.net.InetAddress;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// `--subnet` of `docker network create`, with what goes with it.
///
/// @param ipRange      `--ip-range`
/// @param gateway      `--gateway`
/// @param auxAddresses `--aux-address name=address`
public record PoolSettings(
        Subnet subnet, @Nullable Subnet ipRange, @Nullable InetAddress gateway, Map<String, InetAddress> auxAddresses) {
    public PoolSettings {
        auxAddresses = new TreeMap<>(auxAddresses);
    }

    /// `--subnet`, in CIDR notation.
    public static PoolSettings of(String subnet) {
        return new PoolSettings(Subnet.parse(subnet), null, null, Map.of());
    }

    /// `--ip-range`, in CIDR notation.
    public PoolSettings withIpRange(String range) {
        return new PoolSettings(subnet, Subnet.parse(range), gateway, auxAddresses);
    }

    /// `--gateway`, without prefix length.
    public PoolSettings withGateway(String address) {
        return new PoolSettings(subnet, ipRange, InetAddress.ofLiteral(address), auxAddresses);
    }

    /// `--aux-address name=address`.
    public PoolSettings withAuxAddress(String name, String address) {
        var all = new TreeMap<>(auxAddresses);
        all.put(name, InetAddress.ofLiteral(address));
        return new PoolSettings(subnet, ipRange, gateway, all);
    }
}
