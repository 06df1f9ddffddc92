package dev.weft.plugin.client;

import dev.weft.plugin.IpamData;
import dev.weft.plugin.NetworkDriver;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A network that `docker network create` made.
public final class Network {
    private final String name;
    private final String id;
    private final boolean internal;
    final NetworkDriver driver;
    final Pools ipv4Pools;
    final Pools ipv6Pools;
    /// Whether the IPAM driver wants to know the endpoint's MAC address beforehand.
    final boolean requiresMac;
    /// Container by endpoint id, of running containers.
    final Map<String, String> active = new ConcurrentHashMap<>();

    Network(
            String name,
            String id,
            boolean internal,
            NetworkDriver driver,
            Pools ipv4Pools,
            Pools ipv6Pools,
            boolean requiresMac) {
        this.name = name;
        this.id = id;
        this.internal = internal;
        this.driver = driver;
        this.ipv4Pools = ipv4Pools;
        this.ipv6Pools = ipv6Pools;
        this.requiresMac = requiresMac;
    }

    /// As given to `docker network create`; plugins do not hear it.
    public String name() {
        return name;
    }

    /// 64 hexadecimal digits, under which plugins know it.
    public String id() {
        return id;
    }

    /// `--internal`.
    public boolean internal() {
        return internal;
    }

    /// Its IPv4 pools and gateways.
    public List<IpamData> ipv4() {
        return ipv4Pools.data();
    }

    /// Its IPv6 pools and gateways.
    public List<IpamData> ipv6() {
        return ipv6Pools.data();
    }
}
