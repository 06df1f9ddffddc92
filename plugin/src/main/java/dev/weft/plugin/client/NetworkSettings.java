package dev.weft.plugin.client;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What `docker network create` asks for.
///
/// @param name        of the network; plugins do not hear it
/// @param pools       `--subnet` and what goes with it; a family without one gets a default pool
/// @param ipam        who hands out the addresses
/// @param ipamOptions `--ipam-opt key=value`
/// @param options     `-o key=value`
/// @param internal    `--internal`
/// @param ipv4        false: `--ipv4=false`, which only 28.5 has
/// @param ipv6        `--ipv6`; without it pools of IPv6 are ignored
public record NetworkSettings(
        String name,
        List<PoolSettings> pools,
        Ipam ipam,
        Map<String, String> ipamOptions,
        Map<String, String> options,
        boolean internal,
        boolean ipv4,
        boolean ipv6) {
    /// `--ipam-driver`.
    public enum Ipam {
        /// Docker's own: the lowest free address.
        DEFAULT,
        /// The plugin under test.
        PLUGIN,
        /// `null`: no addresses at all, unless the network driver gives some.
        NONE
    }

    /// Copies the list and the maps.
    public NetworkSettings {
        pools = List.copyOf(pools);
        ipamOptions = Map.copyOf(ipamOptions);
        options = Map.copyOf(options);
    }

    /// `docker network create -d PLUGIN name`.
    public static NetworkSettings named(String name) {
        return new NetworkSettings(name, List.of(), Ipam.DEFAULT, Map.of(), Map.of(), false, true, false);
    }

    /// One more `--subnet`.
    ///
    /// @param subnet such as `10.1.0.0/24`
    /// @throws IllegalArgumentException if it is no subnet
    public NetworkSettings withSubnet(String subnet) {
        return withPool(PoolSettings.of(subnet));
    }

    /// One more `--subnet`, with what goes with it.
    public NetworkSettings withPool(PoolSettings pool) {
        var all = Stream.concat(pools.stream(), Stream.of(pool)).toList();
        return new NetworkSettings(name, all, ipam, ipamOptions, options, internal, ipv4, ipv6);
    }

    /// `--ipam-driver`.
    public NetworkSettings withIpam(Ipam other) {
        return new NetworkSettings(name, pools, other, ipamOptions, options, internal, ipv4, ipv6);
    }

    /// One more `--ipam-opt key=value`.
    public NetworkSettings withIpamOption(String key, String value) {
        return new NetworkSettings(name, pools, ipam, plus(ipamOptions, key, value), options, internal, ipv4, ipv6);
    }

    /// One more `-o key=value`.
    public NetworkSettings withOption(String key, String value) {
        return new NetworkSettings(name, pools, ipam, ipamOptions, plus(options, key, value), internal, ipv4, ipv6);
    }

    /// `--internal`.
    public NetworkSettings internalOnly() {
        return new NetworkSettings(name, pools, ipam, ipamOptions, options, true, ipv4, ipv6);
    }

    /// `--ipv6`.
    public NetworkSettings withIpv6() {
        return new NetworkSettings(name, pools, ipam, ipamOptions, options, internal, ipv4, true);
    }

    /// `--ipv4=false`; 28.5 only, others fail `docker network create` with it.
    public NetworkSettings withoutIpv4() {
        return new NetworkSettings(name, pools, ipam, ipamOptions, options, internal, false, ipv6);
    }

    private static Map<String, String> plus(Map<String, String> map, String key, String value) {
        var all = new TreeMap<>(map);
        all.put(key, value);
        return all;
    }

    /// Of one family.
    List<PoolSettings> pools(boolean ipv4Family) {
        return pools.stream()
                .filter(pool -> pool.subnet().isIpv4() == ipv4Family)
                .toList();
    }
}
