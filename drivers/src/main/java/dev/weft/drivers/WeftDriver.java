package dev.weft.drivers;

import static java.lang.System.Logger.Level.WARNING;

import dev.weft.drivers.plan.Kernel;
import dev.weft.drivers.plan.LinkConflict;
import dev.weft.drivers.plan.Plan;
import dev.weft.drivers.plan.Step;
import dev.weft.drivers.vxlan.VxlanMode;
import dev.weft.netlink.NetlinkException;
import dev.weft.plugin.CreateEndpointReply;
import dev.weft.plugin.CreateEndpointRequest;
import dev.weft.plugin.CreateNetworkRequest;
import dev.weft.plugin.EndpointKey;
import dev.weft.plugin.JoinReply;
import dev.weft.plugin.JoinRequest;
import dev.weft.plugin.NetworkDriver;
import dev.weft.plugin.Refusal;
import dev.weft.state.EndpointRecord;
import dev.weft.state.NetworkRecord;
import dev.weft.state.Registry;
import dev.weft.state.StateException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// The driver `weft`: records what an engine asks for, then makes it so, and mends it later.
///
/// What shall exist is in the registry before the kernel is touched, and what shall no longer exist is out of it
/// before the kernel is: a crash in between is mended by [#reconcile()]. Calls of one network run one after another,
/// under a lock of its own.
public final class WeftDriver implements NetworkDriver {
    private static final System.Logger LOG = System.getLogger(WeftDriver.class.getName());

    /// Options of an endpoint that the engine itself acts on, such as the names and sysctls of interfaces.
    private static final String ENGINES_OWN_OPTIONS = "com.docker.network.endpoint.";

    private final Registry registry;
    private final Kernel kernel;
    private final VxlanMode vxlan;
    private final RandomGenerator random;
    private final List<ReentrantLock> locks;

    /// @param random for the MAC addresses of endpoints without an IP address
    public WeftDriver(Registry registry, Kernel kernel, VxlanMode vxlan, RandomGenerator random) {
        this.registry = registry;
        this.kernel = kernel;
        this.vxlan = vxlan;
        this.random = random;
        var striped = new ArrayList<ReentrantLock>();
        for (int i = 0; i < 64; i++) {
            striped.add(new ReentrantLock());
        }
        this.locks = List.copyOf(striped);
    }

    @Override
    public void createNetwork(CreateNetworkRequest request) {
        inNetwork("create network", request.networkId(), () -> {
            var wanted = record(request);
            var known = registry.network(wanted.id()).filter(network -> sameRequest(network, wanted));
            if (known.isEmpty()) {
                registry.put(wanted);
            }
            try {
                vxlan.network(known.orElse(wanted)).applyTo(kernel);
            } catch (RuntimeException failure) {
                if (known.isEmpty()) {
                    registry.removeNetwork(wanted.id());
                }
                throw failure;
            }
            return wanted;
        });
    }

    private NetworkRecord record(CreateNetworkRequest request) {
        var mode = request.generic().getOrDefault("mode", VxlanMode.NAME);
        if (!mode.equals(VxlanMode.NAME)) {
            throw new Refusal("cannot create the network: unknown mode '" + mode + "'; known: " + VxlanMode.NAME + ".");
        }
        return vxlan.record(request);
    }

    /// Whether both came from the same request; the MTU may differ, because it follows the host's default route.
    private static boolean sameRequest(NetworkRecord one, NetworkRecord other) {
        return one.options().equals(other.options())
                && one.pools().equals(other.pools())
                && one.internal() == other.internal();
    }

    @Override
    public void deleteNetwork(String networkId) {
        inNetwork("delete network", networkId, () -> {
            var network = registry.network(networkId);
            var endpoints = registry.endpointsOf(networkId);
            registry.removeNetwork(networkId);
            network.ifPresent(known -> {
                var plan = vxlan.network(known);
                for (var endpoint : endpoints) {
                    plan = plan.then(vxlan.endpoint(known, endpoint));
                }
                plan.undoIn(kernel);
            });
            return networkId;
        });
    }

    @Override
    public CreateEndpointReply createEndpoint(CreateEndpointRequest request) {
        return inNetwork("create an endpoint in network", request.endpoint().networkId(), () -> {
            var network = known(request.endpoint().networkId());
            var recorded = registry.endpoint(request.endpoint().endpointId()).filter(known -> isFor(known, request));
            var endpoint = recorded.orElseGet(() -> record(network, request));
            if (recorded.isEmpty()) {
                registry.put(endpoint);
            }
            return request.mac() != null ? CreateEndpointReply.UNCHANGED : CreateEndpointReply.mac(endpoint.mac());
        });
    }

    /// Whether the endpoint is what this request asks for, so that the request is a repeated one.
    private static boolean isFor(EndpointRecord endpoint, CreateEndpointRequest request) {
        return endpoint.networkId().equals(request.endpoint().networkId())
                && Objects.equals(endpoint.ipv4(), request.address())
                && Objects.equals(endpoint.ipv6(), request.addressIpv6())
                && (request.mac() == null || request.mac().equals(endpoint.mac()));
    }

    private EndpointRecord record(NetworkRecord network, CreateEndpointRequest request) {
        var unknown = request.options().driverOptions().keySet().stream()
                .filter(option -> !option.startsWith(ENGINES_OWN_OPTIONS))
                .sorted()
                .toList();
        if (!unknown.isEmpty()) {
            throw new Refusal("unknown --driver-opt " + String.join(", ", unknown) + "; Weft has none for endpoints.");
        }
        var mac = request.mac();
        if (mac == null) {
            mac = MacChoice.of(request.address(), request.addressIpv6(), random);
        } else if (mac.isMulticast()) {
            throw new Refusal("MAC address " + mac
                    + " is for groups of stations; give one whose first byte is even, such as 02:42:0a:00:00:05.");
        }
        return new EndpointRecord(
                request.endpoint().endpointId(), network.id(), request.address(), request.addressIpv6(), mac, null);
    }

    @Override
    public void deleteEndpoint(EndpointKey key) {
        inNetwork("delete an endpoint of network", key.networkId(), () -> {
            var endpoint = registry.endpoint(key.endpointId());
            registry.removeEndpoint(key.endpointId());
            endpoint.ifPresent(this::unlink);
            return endpoint;
        });
    }

    @Override
    public Map<String, Object> endpointOperInfo(EndpointKey key) {
        return registry.endpoint(key.endpointId())
                .map(endpoint ->
                        Map.<String, Object>of("weft.mode", VxlanMode.NAME, "weft.port", VxlanMode.port(endpoint.id())))
                .orElse(Map.of());
    }

    @Override
    public JoinReply join(JoinRequest request) {
        return inNetwork("join a container to network", request.endpoint().networkId(), () -> {
            var network = known(request.endpoint().networkId());
            var endpoint = registry.endpoint(request.endpoint().endpointId())
                    .filter(found -> found.networkId().equals(network.id()))
                    .orElseThrow(
                            () -> new Refusal("endpoint " + request.endpoint().endpointId()
                                    + " is not known to this agent; start the container again."));
            registry.put(endpoint.joinedTo(request.sandboxKey()));
            try {
                link(network, endpoint);
            } catch (RuntimeException failure) {
                registry.put(endpoint.left());
                throw failure;
            }
            return vxlan.reply(endpoint);
        });
    }

    private void link(NetworkRecord network, EndpointRecord endpoint) {
        var plan = vxlan.network(network).then(vxlan.endpoint(network, endpoint));
        var changed = new ArrayList<>(plan.applyTo(kernel));
        if (!kernel.hostHas(VxlanMode.containerEnd(endpoint.id()))) {
            // The port is left from an earlier Join, whose engine has moved the container's end away.
            vxlan.endpoint(network, endpoint).undoIn(kernel);
            changed.addAll(plan.applyTo(kernel));
        }
        if (changed.stream().anyMatch(Step.CreateBridge.class::isInstance)) {
            // The bridge was gone: the ports of the other endpoints have lost it too.
            var problems = new ArrayList<String>();
            mend(network, problems);
            problems.forEach(problem -> LOG.log(WARNING, problem));
        }
    }

    @Override
    public void leave(EndpointKey key) {
        inNetwork("take a container out of network", key.networkId(), () -> {
            var endpoint = registry.endpoint(key.endpointId()).filter(EndpointRecord::joined);
            endpoint.ifPresent(joined -> {
                unlink(joined);
                registry.put(joined.left());
            });
            return endpoint;
        });
    }

    private void unlink(EndpointRecord endpoint) {
        registry.network(endpoint.networkId())
                .ifPresent(network -> vxlan.endpoint(network, endpoint).undoIn(kernel));
    }

    private NetworkRecord known(String networkId) {
        return registry.network(networkId)
                .orElseThrow(() -> new Refusal("network " + networkId + " is not known to this agent, whose"
                        + " state may have been lost; remove the network and create it again."));
    }

    /// Compares what should exist with what does, and mends the difference. Calls of engines may come meanwhile.
    public Reconciliation reconcile() {
        var repairs = new ArrayList<Step>();
        var problems = new ArrayList<String>();
        for (var network : registry.networks()) {
            var lock = lockOf(network.id());
            lock.lock();
            try {
                registry.network(network.id()).ifPresent(current -> repairs.addAll(mend(current, problems)));
            } finally {
                lock.unlock();
            }
        }
        return new Reconciliation(repairs, removeUnwanted(problems), problems);
    }

    private List<Step> mend(NetworkRecord network, List<String> problems) {
        var plans = new ArrayList<Plan>();
        plans.add(vxlan.network(network));
        registry.endpointsOf(network.id()).stream()
                .filter(EndpointRecord::joined)
                .map(endpoint -> vxlan.attachment(network, endpoint))
                .forEach(plans::add);
        var repairs = new ArrayList<Step>();
        for (var plan : plans) {
            try {
                repairs.addAll(plan.applyTo(kernel));
            } catch (NetlinkException | LinkConflict failure) {
                problems.add("network " + network.id() + ": " + failure.getMessage());
            }
        }
        return repairs;
    }

    /// Removes links of ours in the fabric that no record asks for, as a crash can leave them.
    private List<String> removeUnwanted(List<String> problems) {
        var removed = new ArrayList<String>();
        try {
            var present = kernel.fabricAliases();
            var unwanted = new TreeSet<>(present);
            unwanted.removeAll(wantedAliases()); // read after the links: what has a link by then has had its record
            for (var alias : unwanted) {
                kernel.removeFromFabric(alias).ifPresent(removed::add);
            }
        } catch (NetlinkException | LinkConflict failure) {
            problems.add(failure.getMessage());
        }
        return removed;
    }

    private Set<String> wantedAliases() {
        var wanted = new HashSet<String>();
        for (var network : registry.networks()) {
            wanted.add(VxlanMode.networkAlias(network.id()));
            registry.endpointsOf(network.id()).stream()
                    .filter(EndpointRecord::joined)
                    .forEach(endpoint -> wanted.add(VxlanMode.endpointAlias(endpoint.id())));
        }
        return wanted;
    }

    /// Runs the work under the network's lock; what goes wrong becomes a sentence that says what was being done.
    private <T> T inNetwork(String doing, String networkId, Supplier<T> work) {
        var lock = lockOf(networkId);
        lock.lock();
        try {
            return work.get();
        } catch (Refusal refusal) {
            throw refusal;
        } catch (NetlinkException | LinkConflict | StateException failure) {
            throw new Refusal("cannot " + doing + " " + networkId + ": " + failure.getMessage(), failure);
        } finally {
            lock.unlock();
        }
    }

    private ReentrantLock lockOf(String networkId) {
        return locks.get(Math.floorMod(networkId.hashCode(), locks.size()));
    }
}
