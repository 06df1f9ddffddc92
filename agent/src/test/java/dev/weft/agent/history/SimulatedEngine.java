package dev.weft.agent.history;

import dev.weft.cluster.EngineNetworks;
import dev.weft.engine.Ipam;
import dev.weft.engine.Network;
import dev.weft.engine.NetworkSpec;
import dev.weft.inet.Cidr;
import dev.weft.inet.Subnet;
import dev.weft.plugin.AddressKey;
import dev.weft.plugin.AddressRequest;
import dev.weft.plugin.CreateEndpointRequest;
import dev.weft.plugin.CreateNetworkRequest;
import dev.weft.plugin.EndpointKey;
import dev.weft.plugin.EndpointOptions;
import dev.weft.plugin.IpamData;
import dev.weft.plugin.IpamDriver;
import dev.weft.plugin.JoinRequest;
import dev.weft.plugin.NetworkDriver;
import dev.weft.plugin.PoolRequest;
import dev.weft.plugin.Refusal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Calls a plugin in the order in which libnetwork does, and has networks and containers, which outlive the plugin.
/// Its own IPAM gives the lowest free address, as Docker's does.
final class SimulatedEngine implements EngineNetworks {
    /// A container's place in a network.
    record Place(EndpointKey key, Cidr address) {}

    private static final class Net {
        private final Network network;
        private final String poolId;
        private final Set<InetAddress> given = new HashSet<>();

        private Net(Network network, String poolId) {
            this.network = network;
            this.poolId = poolId;
        }
    }

    private final String host;
    private final Map<String, Net> networks = new LinkedHashMap<>();
    private final Map<String, Place> containers = new LinkedHashMap<>();
    private final Map<String, Runnable> changed = new HashMap<>();
    private @Nullable NetworkDriver driver;
    private @Nullable IpamDriver ipam;
    private int last;

    SimulatedEngine(String host) {
        this.host = host;
    }

    /// A plugin answers from now on; none if both are null.
    synchronized void plug(@Nullable NetworkDriver networks, @Nullable IpamDriver addresses) {
        driver = networks;
        ipam = addresses;
    }

    private NetworkDriver driver() {
        if (driver == null) {
            throw new Refusal("no plugin answers");
        }
        return driver;
    }

    private IpamDriver ipam() {
        if (ipam == null) {
            throw new Refusal("no plugin answers");
        }
        return ipam;
    }

    /// Of the engine's events, there is one kind: something is otherwise.
    synchronized void listen(String who, Runnable listener) {
        changed.put(who, listener);
    }

    private void tell() {
        changed.values().forEach(Runnable::run);
    }

    @Override
    public synchronized List<Network> networks() {
        return networks.values().stream().map(net -> net.network).toList();
    }

    @Override
    public synchronized Set<String> used(List<Network> among) {
        return containers.values().stream()
                .map(place -> place.key().networkId())
                .collect(Collectors.toSet());
    }

    @Override
    public Optional<String> prepare(List<Network> before) {
        return Optional.empty();
    }

    private String id(String kind) {
        last++;
        return "%s%s%06d".formatted(kind, host, last);
    }

    /// @param ownIpam whether this engine gives the addresses, as where nobody names an IPAM driver
    synchronized void create(String name, Subnet subnet, boolean ownIpam) {
        var gateway = nth(subnet, 1);
        create(new NetworkSpec(
                name,
                "weft",
                false,
                false,
                new Ipam(
                        ownIpam ? "default" : "weft",
                        Map.of(),
                        List.of(new Ipam.Pool(subnet, null, gateway, Map.of()))),
                Map.of(),
                Map.of()));
    }

    @Override
    public synchronized String create(NetworkSpec spec) {
        if (networks.values().stream().anyMatch(net -> net.network.name().equals(spec.name()))) {
            throw new IllegalArgumentException("network " + spec.name() + " is there already");
        }
        var pool = spec.ipam().pools().getFirst();
        boolean own = spec.ipam().driver().equals("default");
        var id = id("n");
        var poolId = "";
        try {
            poolId = own
                    ? "own"
                    : ipam().requestPool(new PoolRequest(
                                    "weft-local",
                                    pool.subnet(),
                                    null,
                                    spec.ipam().options(),
                                    false))
                            .poolId();
            if (!own) {
                ipam().requestAddress(new AddressRequest(poolId, pool.gateway(), true, null, Map.of()));
            }
            var gateway = new Cidr(pool.gateway(), pool.subnet().prefixLength());
            driver().createNetwork(new CreateNetworkRequest(
                    id,
                    spec.options(),
                    false,
                    true,
                    false,
                    List.of(new IpamData(own ? "LocalDefault" : "weft-local", pool.subnet(), gateway, Map.of())),
                    List.of()));
        } catch (Refusal refusal) {
            if (!own && !poolId.isEmpty()) {
                release(poolId, pool.gateway());
                ipam().releasePool(poolId);
            }
            throw new IllegalArgumentException(String.valueOf(refusal.getMessage()));
        }
        var network =
                new Network(id, spec.name(), "weft", "local", false, false, spec.ipam(), spec.options(), spec.labels());
        var net = new Net(network, poolId);
        net.given.add(pool.gateway());
        networks.put(id, net);
        tell();
        return id;
    }

    private void release(String poolId, InetAddress address) {
        ipam().releaseAddress(new AddressKey(poolId, address));
    }

    @Override
    public synchronized void remove(String id) {
        var net = networks.get(id);
        if (net == null) {
            return;
        }
        if (containers.values().stream()
                .anyMatch(place -> place.key().networkId().equals(id))) {
            throw new IllegalArgumentException("network " + net.network.name() + " has active endpoints");
        }
        try {
            driver().deleteNetwork(id);
            if (!net.poolId.equals("own")) {
                release(net.poolId, net.network.ipam().pools().getFirst().gateway());
                ipam().releasePool(net.poolId);
            }
        } catch (Refusal refusal) {
            throw new IllegalArgumentException(String.valueOf(refusal.getMessage()));
        }
        networks.remove(id);
        tell();
    }

    /// @param wanted null: any
    /// @return its place; empty if it is refused
    synchronized Optional<Place> run(String container, String networkName, @Nullable InetAddress wanted) {
        var net = networks.values().stream()
                .filter(one -> one.network.name().equals(networkName))
                .findFirst();
        if (net.isEmpty() || driver == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(run(container, net.get(), wanted));
        } catch (Refusal refusal) {
            return Optional.empty();
        }
    }

    private Place run(String container, Net net, @Nullable InetAddress wanted) {
        var subnet = net.network.ipam().pools().getFirst().subnet();
        boolean own = net.poolId.equals("own");
        var address = own
                ? lowest(net, subnet, wanted)
                : ipam().requestAddress(new AddressRequest(net.poolId, wanted, false, null, Map.of()));
        var key = new EndpointKey(net.network.id(), id("e"));
        try {
            driver().createEndpoint(new CreateEndpointRequest(key, address, null, null, EndpointOptions.NONE));
        } catch (Refusal refusal) {
            giveBack(net, address.address());
            throw refusal;
        }
        try {
            driver().join(new JoinRequest(key, "/var/run/docker/netns/" + key.endpointId(), EndpointOptions.NONE));
        } catch (Refusal refusal) {
            driver().deleteEndpoint(key);
            giveBack(net, address.address());
            throw refusal;
        }
        var place = new Place(key, address);
        containers.put(container, place);
        tell();
        return place;
    }

    /// Of an IPv4 subnet.
    static InetAddress nth(Subnet subnet, int number) {
        var bytes = subnet.address().getAddress();
        bytes[bytes.length - 1] += (byte) number;
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static Cidr lowest(Net net, Subnet subnet, @Nullable InetAddress wanted) {
        for (int i = 2; i < 250; i++) {
            var address = wanted == null ? nth(subnet, i) : wanted;
            if (net.given.add(address)) {
                return new Cidr(address, subnet.prefixLength());
            }
            if (wanted != null) {
                throw new Refusal("address already in use");
            }
        }
        throw new Refusal("no available addresses");
    }

    private void giveBack(Net net, InetAddress address) {
        if (net.poolId.equals("own")) {
            net.given.remove(address);
        } else {
            release(net.poolId, address);
        }
    }

    /// False if no plugin answers: the container stays.
    synchronized boolean stop(String container) {
        var place = containers.get(container);
        if (place == null || driver == null) {
            return false;
        }
        driver().leave(place.key());
        driver().deleteEndpoint(place.key());
        giveBack(networks.get(place.key().networkId()), place.address().address());
        containers.remove(container);
        tell();
        return true;
    }

    synchronized List<String> containers() {
        return new ArrayList<>(containers.keySet());
    }

    synchronized Optional<Place> place(String container) {
        return Optional.ofNullable(containers.get(container));
    }
}
