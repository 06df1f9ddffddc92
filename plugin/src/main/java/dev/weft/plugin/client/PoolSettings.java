package dev.weft.plugin.client;

import dev.weft.inet.Subnet;
import java.net.InetAddress;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// `--subnet` of `docker network create`, with what goes with it.
///
/// @param subnet       of either family
/// @param ipRange      `--ip-range`
/// @param gateway      `--gateway`
/// @param auxAddresses `--aux-address name=address`
public record PoolSettings(
        Subnet subnet, @Nullable Subnet ipRange, @Nullable InetAddress gateway, Map<String, InetAddress> auxAddresses) {
    /// Copies the map.
    public PoolSettings {
        auxAddresses = new TreeMap<>(auxAddresses);
    }

    /// `--subnet`.
    ///
    /// @param subnet such as `10.1.0.0/24`
    /// @throws IllegalArgumentException if it is no subnet
    public static PoolSettings of(String subnet) {
        return new PoolSettings(Subnet.parse(subnet), null, null, Map.of());
    }

    /// `--ip-range`.
    ///
    /// @param range such as `10.1.0.128/25`
    /// @throws IllegalArgumentException if it is no subnet
    public PoolSettings withIpRange(String range) {
        return new PoolSettings(subnet, Subnet.parse(range), gateway, auxAddresses);
    }

    /// `--gateway`.
    ///
    /// @param address such as `10.1.0.254`
    /// @throws IllegalArgumentException if it is no address
    public PoolSettings withGateway(String address) {
        return new PoolSettings(subnet, ipRange, InetAddress.ofLiteral(address), auxAddresses);
    }

    /// One more `--aux-address name=address`.
    ///
    /// @throws IllegalArgumentException if it is no address
    public PoolSettings withAuxAddress(String name, String address) {
        var all = new TreeMap<>(auxAddresses);
        all.put(name, InetAddress.ofLiteral(address));
        return new PoolSettings(subnet, ipRange, gateway, all);
    }
}
