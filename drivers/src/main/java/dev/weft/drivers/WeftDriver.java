package dev.weft.drivers;

import static java.lang.System.Logger.Level.WARNING;

import dev.weft.drivers.lan.LanKind;
import dev.weft.drivers.lan.LanMode;
import dev.weft.drivers.mode.LinkNames;
import dev.weft.drivers.mode.Mode;
import dev.weft.drivers.mode.Modes;
import dev.weft.drivers.mode.NetworkOptions;
import dev.weft.drivers.neighbors.Neighbors;
import dev.weft.drivers.options.Option;
import dev.weft.drivers.plan.Kernel;
import dev.weft.drivers.plan.LinkConflict;
import dev.weft.drivers.plan.Plan;
import dev.weft.drivers.plan.Step;
import dev.weft.drivers.vxlan.VxlanMode;
import dev.weft.inet.Cidr;
import dev.weft.netlink.Netlink;
import dev.weft.netlink.NetlinkException;
import dev.weft.plugin.Capabilities;
import dev.weft.plugin.CreateEndpointReply;
import dev.weft.plugin.CreateEndpointRequest;
import dev.weft.plugin.CreateNetworkRequest;
import dev.weft.plugin.EndpointKey;
import dev.weft.plugin.GatewayAllocCheckReply;
import dev.weft.plugin.GatewayAllocCheckRequest;
import dev.weft.plugin.JoinReply;
import dev.weft.plugin.JoinRequest;
import dev.weft.plugin.NetworkDriver;
import dev.weft.plugin.Refusal;
import dev.weft.state.Change;
import dev.weft.state.EndpointRecord;
import dev.weft.state.NetworkRecord;
import dev.weft.state.Registry;
import dev.weft.state.ReplicaRecord;
import dev.weft.state.SharedNetwork;
import dev.weft.state.StateException;
import dev.weft.state.Tombstone;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// The driver `weft`: records what an engine asks for, then makes it so, and mends it later.
///
/// What shall exist is in the registry before the kernel is touched, and what is to go leaves the kernel before it
/// leaves the registry: whatever a crash leaves is on record, and [#reconcile()] mends it. Nothing that is not on
/// record is removed, unless [#removeStranger] says so. Calls of one network run one after another, under a lock of its
/// own.
public final class WeftDriver implements NetworkDriver {
    /// Of this driver, whatever its state.
    private static final Capabilities CAPABILITIES = Capabilities.LOCAL.withGatewayAllocCheck();

    private static final System.Logger LOG = System.getLogger(WeftDriver.class.getName());

    private final Registry registry;
    private final Kernel kernel;
    private final Modes modes;
    private final LanWatch lan;
    private final AddressClaims claims;
    private final RandomGenerator random;
    private final Removal removal;
    private final NetworkLocks locks = new NetworkLocks();
    private final ReentrantLock turns = new ReentrantLock();

    /// @param neighbors of endpoints on LANs
    /// @param claims of addresses that may be another host's
    /// @param random for the MAC addresses of endpoints without an IP address
    /// @param clock  for tombstones
    public WeftDriver(
            Registry registry,
            Kernel kernel,
            Modes modes,
            Neighbors neighbors,
            AddressClaims claims,
            RandomGenerator random,
            InstantSource clock) {
        this.registry = registry;
        this.kernel = kernel;
        this.modes = modes;
        this.lan = new LanWatch(registry, modes, neighbors);
        this.claims = claims;
        this.random = random;
        this.removal = new Removal(registry, kernel, modes, clock);
    }

    /// Those that there are.
    ///
    /// @param host     the host's own network namespace
    /// @param registry has what is known of other hosts
    public static Modes modes(Netlink host, Registry registry) {
        return new Modes(List.of(
                new VxlanMode(host, registry), new LanMode(LanKind.MACVLAN, host), new LanMode(LanKind.IPVLAN, host)));
    }

    /// The options of networks and of endpoints, of all modes.
    public static List<Option> options() {
        return Stream.of(
                        List.of(
                                NetworkOptions.MODE,
                                NetworkOptions.MTU,
                                NetworkOptions.HOST_ACCESS,
                                NetworkOptions.SCOPE,
                                NetworkOptions.SHARED),
                        VxlanMode.OPTIONS,
                        LanMode.OPTIONS,
                        List.of(NetworkOptions.INTERFACE_NAME))
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public Capabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public GatewayAllocCheckReply gatewayAllocCheck(GatewayAllocCheckRequest request) {
        return modes.known(request.options())
                .map(mode -> mode.gatewayCheck(request))
                .orElse(GatewayAllocCheckReply.TAKE); // CreateNetwork is about to say what is wrong
    }

    @Override
    public void createNetwork(CreateNetworkRequest request) {
        inNetwork("create network", request.networkId(), () -> {
            RequestCheck.pools(request);
            var mode = modes.wanted(request.generic());
            var wanted = mode.record(request);
            var known = registry.network(wanted.id());
            known.ifPresent(network -> RequestCheck.same(network, wanted));
            if (known.isEmpty()) {
                record(wanted, mode);
                mode.remark(wanted).ifPresent(remark -> LOG.log(WARNING, remark));
            }
            try {
                inTurn(() -> make(known.orElse(wanted), mode, known.isEmpty()));
            } catch (RuntimeException failure) {
                if (known.isEmpty()) {
                    afterwards(failure, () -> inTurn(() -> removal.withdraw(wanted)));
                }
                throw failure;
            }
            return wanted;
        });
    }

    /// A trial that an agent did not survive is undone when the engine asks again: on some parents what it left takes
    /// the room of an endpoint.
    private void make(NetworkRecord network, Mode mode, boolean isNew) {
        var plan = isNew ? mode.creation(network, registry.networks()) : mode.network(network);
        plan.applyTo(kernel);
        mode.trial(network).undoIn(kernel);
    }

    private void record(NetworkRecord network, Mode mode) {
        inTurn(() -> {
            mode.checkBeside(network, registry.networks());
            var changes = bindPools(network);
            changes.add(Change.put(network));
            replica(network).map(Change::put).ifPresent(changes::add);
            registry.commit(changes);
        });
    }

    /// That it is one of the cluster's, where Weft made it on this host for that.
    ///
    /// @throws Refusal if the cluster has none such
    private Optional<ReplicaRecord> replica(NetworkRecord network) {
        return Optional.ofNullable(network.options().get(NetworkOptions.SHARED.name()))
                .map(id -> registry.sharedNetwork(id)
                        .filter(shared -> !shared.removed())
                        .map(shared -> new ReplicaRecord(network.id(), shared.id()))
                        .orElseThrow(() -> new Refusal("cannot create the network: there is no network " + id
                                + " in the cluster; leave out '-o " + SharedNetwork.OPTION + "'.")));
    }

    /// One network at a time comes or goes: two may ask for the same pools or the same parent, and what one makes of a
    /// VLAN and takes back, because it fails further on, another may have found.
    private void inTurn(Runnable work) {
        turns.lock();
        try {
            work.run();
        } finally {
            turns.unlock();
        }
    }

    /// Pools of Weft's own IPAM driver are this network's from now on.
    ///
    /// @throws Refusal if one is another network's
    private List<Change> bindPools(NetworkRecord network) {
        var changes = new ArrayList<Change>();
        for (var subnet : network.subnets()) {
            registry.pool(network.poolId(subnet)).ifPresent(pool -> {
                var other = Optional.ofNullable(pool.networkId()).flatMap(registry::network);
                if (other.isPresent()) {
                    throw new Refusal("cannot create the network: subnet " + subnet.subnet() + " is that of network "
                            + other.get().title() + "; choose another with --subnet.");
                }
                changes.add(Change.put(pool.usedBy(network.id())));
            });
        }
        return changes;
    }

    @Override
    public void deleteNetwork(String networkId) {
        removeNetwork(networkId, Tombstone.NETWORK_RM);
    }

    /// Removes a network that the engine no longer has, and what is left of its endpoints; one that is not known is no
    /// error.
    ///
    /// @param reason for the tombstone, see [Tombstone#reason]
    public void removeNetwork(String networkId, String reason) {
        inNetwork("delete network", networkId, () -> {
            registry.network(networkId).ifPresent(network -> inTurn(() -> removal.network(network, reason)));
            return networkId;
        });
    }

    /// Brings what the kernel has of a network beyond this host up to what is known of the others; one that is not
    /// known is no error.
    ///
    /// @throws Refusal if it cannot
    public void forward(String networkId) {
        inNetwork("bring up to date network", networkId, () -> {
            registry.network(networkId).ifPresent(network -> {
                var mode = modes.of(network);
                mode.network(network).then(mode.forwarding(network)).applyTo(kernel);
            });
            return networkId;
        });
    }

    @Override
    public CreateEndpointReply createEndpoint(CreateEndpointRequest request) {
        claim(request);
        checkLan(request);
        return inNetwork("create an endpoint in network", request.endpoint().networkId(), () -> {
            var network = known(request.endpoint().networkId());
            var recorded = endpoint(request.endpoint());
            recorded.ifPresent(known -> RequestCheck.same(known, request));
            var endpoint = recorded.orElseGet(() -> record(network, request));
            if (recorded.isEmpty()) {
                removal.ofFormerHolders(network, endpoint);
                registry.put(endpoint);
                modes.of(network).remark(network, request.options()).ifPresent(remark -> LOG.log(WARNING, remark));
            }
            return request.mac() != null || modes.of(network).sharedMac(network).isPresent()
                    ? CreateEndpointReply.UNCHANGED
                    : CreateEndpointReply.mac(endpoint.mac());
        });
    }

    /// Before the network's lock is taken: it can take two seconds.
    private void claim(CreateEndpointRequest request) {
        if (registry.endpoint(request.endpoint().endpointId()).isEmpty()) {
            claims.claim(request.endpoint().networkId(), addresses(request));
        }
    }

    private static List<InetAddress> addresses(CreateEndpointRequest request) {
        return Stream.of(request.address(), request.addressIpv6())
                .filter(Objects::nonNull)
                .map(Cidr::address)
                .toList();
    }

    /// Before the network's lock is taken: others may join meanwhile.
    private void checkLan(CreateEndpointRequest request) {
        if (registry.endpoint(request.endpoint().endpointId()).isPresent()) {
            return;
        }
        registry.network(request.endpoint().networkId()).ifPresent(network -> {
            RequestCheck.addresses(network, request);
            lan.check(network, addresses(request));
        });
    }

    private EndpointRecord record(NetworkRecord network, CreateEndpointRequest request) {
        RequestCheck.addresses(network, request);
        var options = ownOptions(request.options().driverOptions());
        var mode = modes.of(network);
        mode.checkEndpoint(options);
        return new EndpointRecord(
                request.endpoint().endpointId(),
                network.id(),
                request.address(),
                request.addressIpv6(),
                MacChoice.asked(request, mode.sharedMac(network).orElse(null), random),
                options);
    }

    /// Those of an endpoint's `--driver-opt` pairs that are on record of it: what the engine itself acts on is not.
    public static Map<String, String> ownOptions(Map<String, String> driverOptions) {
        return RequestCheck.ownOptions(driverOptions);
    }

    /// Removes an endpoint that the engine no longer has; one that is not known is no error.
    ///
    /// @param reason for the tombstone, see [Tombstone#reason]
    public void removeEndpoint(EndpointKey key, String reason) {
        inNetwork("remove an endpoint of network", key.networkId(), () -> {
            var network = registry.network(key.networkId());
            var endpoint = endpoint(key);
            network.ifPresent(of -> endpoint.ifPresent(gone -> removal.endpoint(of, gone, reason)));
            return endpoint;
        });
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
                () -> registry.network(key.networkId())
                        .flatMap(network ->
                                endpoint(key).map(endpoint -> modes.of(network).operInfo(endpoint)))
                        .orElse(Map.of()));
    }

    @Override
    public JoinReply join(JoinRequest request) {
        return inNetwork("join a container to network", request.endpoint().networkId(), () -> {
            var network = known(request.endpoint().networkId());
            RequestCheck.sandbox(request.sandboxKey());
            var endpoint = endpoint(request.endpoint()).orElseThrow(() -> unknown(request.endpoint()));
            var mode = modes.of(network);
            removeMoved(mode.attachment(network, endpoint));
            registry.put(endpoint.joinedTo(request.sandboxKey()));
            try {
                link(network, endpoint, mode);
            } catch (RuntimeException failure) {
                afterwards(failure, () -> registry.put(endpoint.left()));
                throw failure;
            }
            lan.announce(network, endpoint, request.sandboxKey());
            return mode.reply(network, endpoint);
        });
    }

    /// What the engine has moved after an earlier Join, of which there was no Leave: two such links cannot be.
    private void removeMoved(Plan attachment) {
        new Plan(attachment.steps().stream()
                        .filter(Step.Restore.class::isInstance)
                        .toList())
                .undoIn(kernel);
    }

    private void link(NetworkRecord network, EndpointRecord endpoint, Mode mode) {
        var plan = mode.network(network).then(mode.endpoint(network, endpoint));
        var changed = new ArrayList<>(plan.applyTo(kernel));
        if (!kernel.hostHas(LinkNames.containerEnd(endpoint.id()))) {
            // The port is left from an earlier Join, whose engine has moved the container's end away.
            mode.endpoint(network, endpoint).undoIn(kernel);
            changed.addAll(plan.applyTo(kernel));
        }
        if (changed.stream().anyMatch(Step.CreateBridge.class::isInstance)) {
            // The bridge was gone: the ports of the other endpoints have lost it too.
            comparison().ofOne(network).forEach(problem -> LOG.log(WARNING, problem));
        }
    }

    private Comparison comparison() {
        return new Comparison(registry, kernel, modes, locks);
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
                .ifPresent(
                        network -> modes.of(network).traces(network, endpoint).undoIn(kernel));
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
        return registry.network(networkId).orElseThrow(() -> {
            var gone = registry.tombstone(Tombstone.Kind.NETWORK, networkId);
            return new Refusal(
                    gone.isPresent()
                            ? "network " + gone.get().title() + " was removed "
                                    + gone.get().reason() + " at " + gone.get().at()
                                    + "; remove it from the engine too and create it again."
                            : "network " + networkId + " is not known to this agent, whose state may have been lost;"
                                    + " run 'weft state rebuild', or remove the network and create it again.");
        });
    }

    private Refusal unknown(EndpointKey key) {
        var gone = registry.tombstone(Tombstone.Kind.ENDPOINT, key.endpointId());
        return new Refusal("endpoint " + key.endpointId()
                + gone.map(tombstone -> " was removed " + tombstone.reason() + " at " + tombstone.at())
                        .orElse(" is not known to this agent")
                + "; start the container again.");
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
        var comparison = comparison();
        var outcome = comparison.ofAll();
        comparison.learnNames();
        lan.listen();
        return outcome;
    }

    /// Addresses of endpoints that others on the LAN were heard to claim of late, a sentence each.
    public Set<String> claims() {
        return lan.problems();
    }

    /// Compares likewise, and touches nothing.
    public Examination examine() {
        return comparison().look();
    }

    /// Removes links of ours of which nothing is on record. The caller knows from the engine that nobody uses them.
    ///
    /// @param alias from [Reconciliation#strangers]
    /// @return how many links
    public int removeStranger(String alias) {
        return kernel.remove(alias);
    }

    /// Puts on record what the engine calls a network; one that is not known is no error.
    public void learnName(String networkId, String name) {
        locks.in(networkId, () -> {
            registry.network(networkId)
                    .filter(network -> !name.equals(network.name()))
                    .ifPresent(network -> registry.put(network.named(name)));
            return networkId;
        });
    }

    /// Puts on record whose endpoint it is; one that is not known is no error.
    public void learnContainer(EndpointKey key, String container) {
        locks.in(key.networkId(), () -> {
            registry.endpoint(key.endpointId())
                    .filter(endpoint -> !container.equals(endpoint.container()))
                    .ifPresent(endpoint -> registry.put(endpoint.of(container)));
            return key;
        });
    }

    /// Runs the work under the network's lock; what goes wrong becomes a sentence that says what was being done.
    private <T> T inNetwork(String doing, String networkId, Supplier<T> work) {
        RequestCheck.id(networkId);
        try {
            return locks.in(networkId, work);
        } catch (NetlinkException | LinkConflict | StateException failure) {
            throw new Refusal("cannot " + doing + " " + networkId + ": " + failure.getMessage(), failure);
        }
    }
}
