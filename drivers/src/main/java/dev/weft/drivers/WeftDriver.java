package dev.weft.drivers;

import static dev.weft.plugin.Refusal.quoted;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// The driver `weft`: records what an engine asks for, then makes it so, and mends it later.
///
/// What shall exist is in the registry before the kernel is touched, and what is to go leaves the kernel before it
/// leaves the registry: whatever a crash leaves is on record, and [#reconcile()] mends it. Nothing that is not on
/// record is ever removed. Calls of one network run one after another, under a lock of its own.
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
            var known = registry.network(wanted.id());
            known.ifPresent(network -> RequestCheck.same(network, wanted));
            if (known.isEmpty()) {
                registry.put(wanted);
            }
            try {
                vxlan.network(known.orElse(wanted)).applyTo(kernel);
            } catch (RuntimeException failure) {
                if (known.isEmpty()) {
                    afterwards(failure, () -> registry.commit(registry.removalOf(wanted.id())));
                }
                throw failure;
            }
            return wanted;
        });
    }

    private NetworkRecord record(CreateNetworkRequest request) {
        var mode = request.generic().getOrDefault("mode", VxlanMode.NAME);
        if (!mode.equals(VxlanMode.NAME)) {
            throw new Refusal(
                    "cannot create the network: unknown mode " + quoted(mode) + "; known: " + VxlanMode.NAME + ".");
        }
        RequestCheck.pools(request);
        return vxlan.record(request);
    }

    @Override
    public void deleteNetwork(String networkId) {
        inNetwork("delete network", networkId, () -> {
            registry.network(networkId).ifPresent(network -> {
                var plan = vxlan.network(network);
                for (var endpoint : registry.endpointsOf(networkId)) {
                    plan = plan.then(vxlan.endpoint(network, endpoint));
                }
                plan.undoIn(kernel);
                registry.commit(registry.removalOf(networkId));
            });
            return networkId;
        });
    }

    @Override
    public CreateEndpointReply createEndpoint(CreateEndpointRequest request) {
        return inNetwork("create an endpoint in network", request.endpoint().networkId(), () -> {
            var network = known(request.endpoint().networkId());
            var recorded = endpoint(request.endpoint());
            recorded.ifPresent(known -> RequestCheck.same(known, request));
            var endpoint = recorded.orElseGet(() -> record(network, request));
            if (recorded.isEmpty()) {
                registry.put(endpoint);
            }
            return request.mac() != null ? CreateEndpointReply.UNCHANGED : CreateEndpointReply.mac(endpoint.mac());
        });
    }

    private EndpointRecord record(NetworkRecord network, CreateEndpointRequest request) {
        RequestCheck.addresses(network, request);
        var unknown = request.options().driverOptions().keySet().stream()
                .filter(option -> !option.startsWith(ENGINES_OWN_OPTIONS))
                .sorted()
                .toList();
        if (!unknown.isEmpty()) {
            throw new Refusal(
                    "unknown --driver-opt " + quoted(String.join(", ", unknown)) + "; Weft has none for endpoints.");
        }
        var mac = request.mac();
        if (mac == null) {
            mac = MacChoice.of(request.address(), request.addressIpv6(), random);
        } else if (mac.isMulticast() || mac.bits() == 0) {
            throw new Refusal("MAC address " + mac + " cannot be a container's; give one whose first byte is even and"
                    + " which is not zero, such as 02:42:0a:00:00:05.");
        }
        return new EndpointRecord(
                request.endpoint().endpointId(), network.id(), request.address(), request.addressIpv6(), mac, Map.of());
    }

    @Override
    public void deleteEndpoint(EndpointKey key) {
        inNetwork("delete an endpoint of network", key.networkId(), () -> {
            var endpoint = endpoint(key);
            endpoint.ifPresent(this::leave);
            endpoint.ifPresent(registry::remove);
            return endpoint;
        });
    }

    @Override
    public Map<String, Object> endpointOperInfo(EndpointKey key) {
        return inNetwork(
                "describe an endpoint of network",
                key.networkId(),
                () -> endpoint(key)
                        .map(endpoint -> Map.<String, Object>of(
                                "weft.mode", VxlanMode.NAME, "weft.port", VxlanMode.port(endpoint.id())))
                        .orElse(Map.of()));
    }

    @Override
    public JoinReply join(JoinRequest request) {
        return inNetwork("join a container to network", request.endpoint().networkId(), () -> {
            var network = known(request.endpoint().networkId());
            RequestCheck.sandbox(request.sandboxKey());
            var endpoint = endpoint(request.endpoint())
                    .orElseThrow(
                            () -> new Refusal("endpoint " + request.endpoint().endpointId()
                                    + " is not known to this agent; start the container again."));
            registry.put(endpoint.joinedTo(request.sandboxKey()));
            try {
                link(network, endpoint);
            } catch (RuntimeException failure) {
                afterwards(failure, () -> registry.put(endpoint.left()));
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
            var endpoint = endpoint(key);
            endpoint.ifPresent(this::leave);
            return endpoint;
        });
    }

    private void leave(EndpointRecord endpoint) {
        if (endpoint.joined()) {
            registry.put(endpoint.left());
        }
        registry.network(endpoint.networkId())
                .ifPresent(network -> vxlan.endpoint(network, endpoint).undoIn(kernel));
    }

    /// Does what follows a failure; if that fails as well, both are told.
    private static void afterwards(RuntimeException failure, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException further) {
            failure.addSuppressed(further);
        }
    }

    private NetworkRecord known(String networkId) {
        return registry.network(networkId)
                .orElseThrow(() -> new Refusal("network " + networkId + " is not known to this agent, whose"
                        + " state may have been lost; remove the network and create it again."));
    }

    /// @throws Refusal if it is of another network
    private Optional<EndpointRecord> endpoint(EndpointKey key) {
        RequestCheck.id(key.endpointId());
        var endpoint = registry.endpoint(key.endpointId());
        endpoint.map(EndpointRecord::networkId)
                .filter(network -> !network.equals(key.networkId()))
                .ifPresent(network -> {
                    throw new Refusal("endpoint " + key.endpointId() + " is of network " + network + ", not of network "
                            + key.networkId() + ".");
                });
        return endpoint;
    }

    /// Compares what should exist with what does, and mends the difference. Calls of engines may come meanwhile.
    public Reconciliation reconcile() {
        var repairs = new ArrayList<Step>();
        var removed = new ArrayList<String>();
        var problems = new ArrayList<String>();
        var present = kernel.fabricAliases();
        for (var network : registry.networks()) {
            var lock = lockOf(network.id());
            lock.lock();
            try {
                registry.network(network.id()).ifPresent(current -> {
                    repairs.addAll(mend(current, problems));
                    removed.addAll(removeLeft(current, present, problems));
                });
            } finally {
                lock.unlock();
            }
        }
        problems.addAll(strangers(present));
        return new Reconciliation(repairs, removed, problems);
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

    /// Removes the links of endpoints that are known to have left, as a crash in the middle of a Leave leaves them.
    private List<String> removeLeft(NetworkRecord network, Set<String> present, List<String> problems) {
        var removed = new ArrayList<String>();
        for (var endpoint : registry.endpointsOf(network.id())) {
            if (!endpoint.joined() && present.contains(VxlanMode.endpointAlias(endpoint.id()))) {
                try {
                    vxlan.endpoint(network, endpoint).undoIn(kernel);
                    removed.add(VxlanMode.port(endpoint.id()));
                } catch (NetlinkException | LinkConflict failure) {
                    problems.add("network " + network.id() + ": " + failure.getMessage());
                }
            }
        }
        return removed;
    }

    /// Links that bear Weft's alias but are of no network on record: the state was lost or exchanged, and containers
    /// may still use them. They are told, and left to a person.
    private List<String> strangers(Set<String> present) {
        var unknown = new TreeSet<>(present);
        for (var network : registry.networks()) { // read after the links: what has a link has had its record before
            unknown.remove(VxlanMode.networkAlias(network.id()));
            registry.endpointsOf(network.id())
                    .forEach(endpoint -> unknown.remove(VxlanMode.endpointAlias(endpoint.id())));
        }
        return unknown.stream()
                .map(alias -> "the link of " + alias + " is of no network on record; if no container uses it, remove it"
                        + " with ip link del in the fabric namespace.")
                .toList();
    }

    /// Runs the work under the network's lock; what goes wrong becomes a sentence that says what was being done.
    private <T> T inNetwork(String doing, String networkId, Supplier<T> work) {
        RequestCheck.id(networkId);
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
