package dev.weft.plugin.client;

import dev.weft.inet.AddressText;
import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.inet.Subnet;
import dev.weft.plugin.AddressKey;
import dev.weft.plugin.AddressRequest;
import dev.weft.plugin.IpamData;
import dev.weft.plugin.IpamDriver;
import dev.weft.plugin.PoolRequest;
import dev.weft.plugin.Refusal;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The pools of one network in one family, from its IPAM driver.
final class Pools {
    private static final String GATEWAY = "com.docker.network.gateway";

    private record Pool(
            String id,
            String space,
            Subnet subnet,
            boolean asked,
            @Nullable Cidr gateway,
            Map<String, Cidr> aux) {}

    /// An address given to an endpoint, and the pool that it comes from.
    record Given(String poolId, Cidr address) {}

    private final IpamDriver ipam;
    private final CommandLog log;
    private final List<Pool> pools = new ArrayList<>();
    private final boolean chosen;

    /// @param chosen whether the user named a subnet, without which there is no `--ip`
    private Pools(IpamDriver ipam, CommandLog log, boolean chosen) {
        this.ipam = ipam;
        this.log = log;
        this.chosen = chosen;
    }

    static Pools none(IpamDriver ipam, CommandLog log) {
        return new Pools(ipam, log, false);
    }

    /// `--ipam-driver null`.
    static Pools withoutAddresses(IpamDriver ipam, CommandLog log, boolean ipv4) {
        var pools = new Pools(ipam, log, false);
        var all = Subnet.parse(ipv4 ? "0.0.0.0/0" : "::/0");
        pools.pools.add(new Pool("", "null", all, false, null, Map.of()));
        return pools;
    }

    /// Asks for a pool, its gateway and its auxiliary addresses, one subnet after the other. After a failure the pools
    /// are released, their addresses are not ([17]).
    ///
    /// @param takeGateway whether an address is taken for a gateway that the user did not name
    static Pools request(
            IpamDriver ipam,
            String space,
            NetworkSettings settings,
            boolean ipv4,
            boolean takeGateway,
            CommandLog log) {
        var asked = settings.pools(ipv4);
        var pools = new Pools(ipam, log, !asked.isEmpty());
        try {
            if (asked.isEmpty()) {
                pools.request(space, settings, null, ipv4, takeGateway);
            }
            asked.forEach(pool -> pools.request(space, settings, pool, ipv4, takeGateway));
        } catch (CommandFailed failure) {
            pools.pools.reversed().forEach(pool -> log.goOn(() -> ipam.releasePool(pool.id())));
            throw failure;
        }
        return pools;
    }

    private void request(
            String space, NetworkSettings settings, @Nullable PoolSettings asked, boolean ipv4, boolean takeGateway) {
        var request = new PoolRequest(
                space,
                asked == null ? null : asked.subnet(),
                asked == null ? null : asked.ipRange(),
                settings.ipamOptions(),
                !ipv4);
        var reply = failing("", () -> ipam.requestPool(request));
        pools.add(new Pool(reply.poolId(), space, reply.pool(), true, null, Map.of()));
        var named = asked == null ? null : asked.gateway();
        var gateway = gateway(reply.poolId(), named, reply.data().get(GATEWAY), takeGateway);
        var aux = new TreeMap<String, Cidr>();
        if (asked != null) {
            asked.auxAddresses()
                    .forEach((name, address) -> aux.put(
                            name,
                            failing(
                                    "failed to allocate secondary ip address (" + name + ":" + AddressText.of(address)
                                            + "): ",
                                    () -> address(reply.poolId(), address, false, null))));
        }
        pools.set(pools.size() - 1, new Pool(reply.poolId(), space, reply.pool(), true, gateway, aux));
    }

    private @Nullable Cidr gateway(
            String poolId, @Nullable InetAddress named, @Nullable String ofDriver, boolean takeGateway) {
        if (named == null && ofDriver != null) {
            return Cidr.parse(ofDriver);
        }
        if (named == null && !takeGateway) {
            return null;
        }
        var shown = named == null ? "" : AddressText.of(named);
        return failing("failed to allocate gateway (" + shown + "): ", () -> address(poolId, named, true, null));
    }

    private Cidr address(String poolId, @Nullable InetAddress address, boolean gateway, @Nullable MacAddress mac) {
        return ipam.requestAddress(new AddressRequest(poolId, address, gateway, mac, Map.of()));
    }

    private static <T> T failing(String prefix, Supplier<T> call) {
        try {
            return call.get();
        } catch (CallFailed | Refusal failure) {
            throw new CommandFailed(prefix + failure.getMessage(), failure);
        }
    }

    /// For CreateNetwork.
    List<IpamData> data() {
        return pools.stream()
                .map(pool -> new IpamData(pool.space(), pool.subnet(), pool.gateway(), pool.aux()))
                .toList();
    }

    /// An address for an endpoint; null if the network has none in this family.
    ///
    /// @param wanted `--ip`
    @Nullable
    Given requestAddress(@Nullable InetAddress wanted, @Nullable MacAddress mac) {
        if (wanted != null && !chosen) {
            throw new CommandFailed(
                    "user specified IP address is supported only when connecting to networks with user configured "
                            + "subnets",
                    null);
        }
        var pool = pools.stream()
                .filter(Pool::asked)
                .filter(candidate -> wanted == null || candidate.subnet().contains(wanted))
                .findFirst();
        if (pool.isEmpty()) {
            return null;
        }
        var id = pool.get().id();
        return new Given(id, failing("", () -> address(id, wanted, false, mac)));
    }

    void releaseAddress(@Nullable Given given) {
        if (given != null) {
            release(given.poolId(), given.address());
        }
    }

    private void release(String poolId, Cidr address) {
        log.goOn(() -> ipam.releaseAddress(new AddressKey(poolId, address.address())));
    }

    /// The network goes.
    void releaseAll() {
        for (var pool : pools) {
            if (pool.gateway() != null) {
                release(pool.id(), pool.gateway());
            }
            pool.aux().values().forEach(address -> release(pool.id(), address));
            if (pool.asked()) {
                log.goOn(() -> ipam.releasePool(pool.id()));
            }
        }
    }
}
