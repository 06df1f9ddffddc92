package dev.weft.cluster;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;
import static java.util.stream.Collectors.toSet;

import dev.weft.engine.EngineException;
import dev.weft.engine.Network;
import dev.weft.json.MalformedJson;
import dev.weft.state.Change;
import dev.weft.state.EndpointRecord;
import dev.weft.state.HostRecord;
import dev.weft.state.NetworkRecord;
import dev.weft.state.Registry;
import dev.weft.state.ReplicaRecord;
import dev.weft.state.SharedNetwork;
import dev.weft.state.StateException;
import dev.weft.state.StateRecord;
import dev.weft.state.Tombstone;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// The networks of the cluster, and those of this host's engine: what is created here is told to the others, and what
/// others have created is created here. No call of an engine waits for it.
///
/// All of it happens on one thread, one round after the other; any may ask what it has found.
public final class Catalogue implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Catalogue.class.getName());

    /// A network appears in the Docker API a moment after its driver was called.
    private static final Duration SETTLING = Duration.ofMillis(50);

    /// By which engines let containers out whose own networks have no gateway.
    private static final String GATEWAY_BRIDGE = "docker_gwbridge";

    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final Registry registry;
    private final Membership membership;
    private final EngineNetworks engine;
    private final Publication publication;
    private final Blocks blocks;
    private final String plugin;
    private final String self;
    private final Semaphore news = new Semaphore(0);
    private final Runnable watching;
    private final Thread thread =
            Thread.ofPlatform().name("weft-catalogue").daemon().unstarted(this::run);

    /// Why networks of this host cannot be those of the cluster that they are called like, by their ids.
    private volatile Map<String, String> conflicts = Map.of();

    private volatile Set<String> problems = Set.of();
    /// Until the engine was looked at, what was said of it before.
    private volatile Set<String> used;

    /// Ids of the cluster's networks that the engine did not manage to create: that it took them back was nobody's
    /// wish.
    private final Set<String> unmade = new HashSet<>();

    private Catalogue(
            Registry registry,
            Membership membership,
            EngineNetworks engine,
            Blocks blocks,
            String plugin,
            RandomGenerator random) {
        this.registry = registry;
        this.membership = membership;
        this.engine = engine;
        this.blocks = blocks;
        this.plugin = plugin;
        self = registry.member().orElseThrow().id();
        used = registry.host(self).map(host -> Set.copyOf(host.uses())).orElse(Set.of());
        publication = new Publication(registry, membership::store, self, random);
        watching = registry.watch(changes -> {
            if (changes.stream().map(Change::record).anyMatch(Catalogue::isNews)) {
                changed();
            }
        });
    }

    /// @param plugin what the engine calls this plugin: `weft`
    /// @param random for ids and VNIs
    public static Catalogue start(
            Registry registry,
            Membership membership,
            EngineNetworks engine,
            Blocks blocks,
            String plugin,
            RandomGenerator random) {
        var catalogue = new Catalogue(registry, membership, engine, blocks, plugin, random);
        catalogue.thread.start();
        return catalogue;
    }

    private static boolean isNews(StateRecord record) {
        return record instanceof NetworkRecord
                || record instanceof SharedNetwork
                || record instanceof ReplicaRecord
                || record instanceof EndpointRecord;
    }

    /// Something happened at the engine.
    public void changed() {
        news.release();
    }

    private void run() {
        try {
            while (true) {
                if (news.tryAcquire(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                    TimeUnit.NANOSECONDS.sleep(SETTLING.toNanos());
                    news.drainPermits();
                }
                round();
            }
        } catch (InterruptedException closed) {
            // The agent stops.
        }
    }

    private void round() {
        var found = new LinkedHashSet<String>();
        try {
            var networks = engine.networks();
            var inUse = engine.used(networks);
            say(inUse);
            removed(inUse, found);
            published(networks, inUse, found);
            made(networks, found);
            supplied(found);
        } catch (EngineException | StoreException | StateException failure) {
            found.add(
                    "the networks of the cluster cannot be compared with those of this host: " + failure.getMessage());
        } catch (RuntimeException | Error failure) { // the next round must come, whatever happened in this one
            LOG.log(WARNING, "the networks of the cluster cannot be compared with those of this host", failure);
            found.add("the networks of the cluster cannot be compared with those of this host: " + failure);
        }
        found.stream().filter(problem -> !problems.contains(problem)).forEach(problem -> LOG.log(WARNING, problem));
        problems = Set.copyOf(found);
    }

    private void say(Set<String> inUse) {
        var now = registry.replicas().stream()
                .filter(replica -> inUse.contains(replica.networkId()))
                .map(ReplicaRecord::sharedId)
                .collect(toSet());
        if (!now.equals(used)) {
            used = Set.copyOf(now);
            membership.changed();
        }
    }

    private void attempt(String doing, Set<String> found, Runnable work) {
        try {
            work.run();
        } catch (EngineException | StoreException | MalformedJson | IllegalArgumentException failure) {
            found.add("cannot " + doing + ": " + failure.getMessage());
        }
    }

    /// What is gone here, or was removed everywhere.
    private void removed(Set<String> inUse, Set<String> found) {
        for (var replica : registry.replicas()) {
            var shared = registry.sharedNetwork(replica.sharedId());
            boolean isHere = registry.network(replica.networkId()).isPresent();
            if (shared.isEmpty()) {
                continue;
            }
            var name = shared.get().name();
            if (!isHere) {
                attempt("take network " + name + " from the cluster", found, () -> gone(replica, shared.get()));
            } else if (shared.get().removed() && inUse.contains(replica.networkId())) {
                found.add("network " + name + " was removed from the cluster, and stays on this host as long as"
                        + " containers are on it, running or not. Remove them.");
            } else if (shared.get().removed()) {
                attempt(
                        "remove network " + name + ", which was removed on another host",
                        found,
                        () -> engine.remove(replica.networkId()));
            }
        }
    }

    /// A person who removes a network that other hosts use removes it here alone, and it comes back; what only the
    /// engine has lost comes back too.
    private void gone(ReplicaRecord replica, SharedNetwork shared) {
        boolean byPerson = registry.tombstone(Tombstone.Kind.NETWORK, replica.networkId())
                        .filter(tombstone -> tombstone.reason().equals(Tombstone.NETWORK_RM))
                        .isPresent()
                && !unmade.remove(shared.id());
        var users = usersElsewhere(shared.id());
        if (byPerson && !shared.removed() && users.isEmpty()) {
            publication.remove(shared.id());
            LOG.log(INFO, "network {0} was removed here, and with that from the cluster", shared.name());
        } else if (byPerson && !shared.removed()) {
            LOG.log(
                    INFO,
                    "network {0} was removed here, and comes back: containers on {1} use it. To remove it from all"
                            + " hosts, remove those first.",
                    shared.name(),
                    String.join(", ", users));
        }
        registry.remove(replica);
    }

    private List<String> usersElsewhere(String sharedId) {
        return users(sharedId, host -> !host.id().equals(self));
    }

    private List<String> users(String sharedId, Predicate<HostRecord> among) {
        var hosts = new HashSet<String>();
        registry.shardsOf(sharedId).stream()
                .filter(shard -> !shard.endpoints().isEmpty())
                .forEach(shard -> hosts.add(shard.host()));
        registry.hosts().stream().filter(host -> host.uses().contains(sharedId)).forEach(host -> hosts.add(host.id()));
        return registry.hosts().stream()
                .filter(host -> hosts.contains(host.id()) && !host.forgotten())
                .filter(among)
                .map(host -> host.name())
                .sorted()
                .toList();
    }

    /// What was created here becomes the cluster's.
    private void published(List<Network> networks, Set<String> inUse, Set<String> found) {
        var replicas =
                registry.replicas().stream().map(ReplicaRecord::networkId).collect(toSet());
        var refused = new HashMap<String, String>();
        for (var network : networks) {
            var record = registry.network(network.id());
            if (record.isEmpty() || replicas.contains(network.id()) || !isForAll(network, record.get())) {
                continue;
            }
            attempt("tell the other hosts of network " + network.name(), found, () -> {
                var conflict = publish(network, record.get(), inUse);
                conflict.ifPresent(reason -> {
                    refused.put(network.id(), reason);
                    found.add(reason);
                });
            });
        }
        conflicts = Map.copyOf(refused);
    }

    private boolean isForAll(Network network, NetworkRecord record) {
        return network.isDrivenBy(plugin)
                && network.scope().equals("local")
                && !"host".equals(record.options().get("scope"));
    }

    /// @return why it cannot be the cluster's, if that is so
    private Optional<String> publish(Network network, NetworkRecord record, Set<String> inUse) {
        var named = named(network.name());
        if (named.isEmpty()) {
            publication.publish(network, record);
            return Optional.empty();
        }
        var shared = named.get();
        if (isBeingRemoved(shared)) {
            return Optional.empty(); // of that name there was another here; the store is to be told first
        }
        var difference = Compatibility.difference(record, network, shared);
        if (difference.isPresent()) {
            return Optional.of("network " + network.name() + " of this host is not that of the cluster, which host "
                    + hostName(shared.creator()) + " has created: " + difference.get()
                    + ". Remove one of the two, or create it under another name.");
        }
        boolean isDockers = !network.ipam().isOf(plugin) && !shared.creator().equals(self);
        if (isDockers && !isEmpty(record, inUse)) {
            return Optional.of("network " + network.name() + " of this host is not that of the cluster, which host "
                    + hostName(shared.creator())
                    + " has created: it has containers, with addresses that are that host's"
                    + " to give. Remove its containers, and it becomes the cluster's.");
        }
        if (isDockers) {
            engine.remove(record.id());
            LOG.log(
                    INFO,
                    "network {0} of this host had no containers, and is made anew as that of the cluster, so that its"
                            + " addresses are no other host''s",
                    network.name());
            return Optional.empty();
        }
        for (var endpoint : registry.endpointsOf(record.id())) {
            for (var address : endpoint.addresses()) {
                blocks.claim(shared, address);
            }
        }
        registry.put(new ReplicaRecord(record.id(), shared.id()));
        LOG.log(INFO, "network {0} of this host is that of the cluster", network.name());
        return Optional.empty();
    }

    private boolean isEmpty(NetworkRecord record, Set<String> inUse) {
        return registry.endpointsOf(record.id()).isEmpty() && !inUse.contains(record.id());
    }

    /// Whether it is gone from this host, and what follows from that is not known yet.
    private boolean isBeingRemoved(SharedNetwork shared) {
        return registry.replicas().stream()
                .anyMatch(replica -> replica.sharedId().equals(shared.id())
                        && registry.network(replica.networkId()).isEmpty());
    }

    private Optional<SharedNetwork> named(String name) {
        return registry.sharedNetworks().stream()
                .filter(network -> !network.removed() && network.name().equals(name))
                .min(Comparator.comparing(SharedNetwork::id)); // of two, after the store was lost, all take the same
    }

    private String hostName(String id) {
        return registry.host(id).map(host -> host.name()).orElse(id);
    }

    /// What others have created is created here.
    private void made(List<Network> networks, Set<String> found) {
        var there = registry.replicas().stream().map(ReplicaRecord::sharedId).collect(toSet());
        for (var shared : registry.sharedNetworks()) {
            if (!shared.removed() && !there.contains(shared.id()) && isFirst(shared, found)) {
                attempt(
                        "create network " + shared.name() + " of the cluster on this host",
                        found,
                        () -> obstacle(shared, networks).ifPresentOrElse(found::add, () -> make(shared)));
            }
        }
    }

    private boolean isFirst(SharedNetwork shared, Set<String> found) {
        boolean isFirst = named(shared.name()).filter(shared::equals).isPresent();
        if (!isFirst) {
            found.add("the cluster has two networks " + shared.name() + ", and that of host "
                    + hostName(shared.creator()) + " is not on this host. Remove it there, and create it under another"
                    + " name.");
        }
        return isFirst;
    }

    /// Why it cannot be created here now; nothing is said where another network of this driver has the name, which is
    /// looked at when it is published.
    private Optional<String> obstacle(SharedNetwork shared, List<Network> networks) {
        for (var network : networks) {
            if (network.name().equals(shared.name())) {
                return Optional.of(
                        network.isDrivenBy(plugin)
                                ? "network " + shared.name()
                                        + " of the cluster is not on this host yet, which has one of" + " that name"
                                : "network " + shared.name() + " of the cluster is not on this host, which has one of"
                                        + " that name of driver " + network.driver()
                                        + ". Remove one of the two, or create it under another name.");
            }
            if (network.name().equals(GATEWAY_BRIDGE) && !shared.internal() && overlaps(network, shared)) {
                return Optional.of("network " + shared.name() + " of the cluster is not on this host, because "
                        + GATEWAY_BRIDGE
                        + " overlaps it there, by which containers leave the host. Remove that while no"
                        + " containers use it; Weft makes it again with another subnet.");
            }
        }
        return engine.prepare(networks);
    }

    private static boolean overlaps(Network network, SharedNetwork shared) {
        return network.ipam().pools().stream()
                .anyMatch(pool -> shared.subnets().stream()
                        .anyMatch(subnet -> subnet.subnet().overlaps(pool.subnet())));
    }

    private void make(SharedNetwork shared) {
        unmade.add(shared.id());
        engine.create(Replicas.spec(shared, plugin));
        unmade.remove(shared.id());
        LOG.log(
                INFO,
                "network {0}, which host {1} has created, is on this host too",
                shared.name(),
                hostName(shared.creator()));
    }

    /// There shall be addresses to give, also when the store is away.
    private void supplied(Set<String> found) {
        for (var replica : registry.replicas()) {
            registry.sharedNetwork(replica.sharedId())
                    .filter(shared -> !shared.removed())
                    .ifPresent(shared -> shared.subnets()
                            .forEach(subnet -> attempt(
                                    "take addresses of network " + shared.name(),
                                    found,
                                    () -> blocks.supply(replica.networkId(), shared, subnet.subnet()))));
        }
    }

    /// Removes a network from all hosts: from each as soon as no containers of it run there. Any thread may call.
    ///
    /// @throws StoreException if it cannot, saying why; nothing is removed then
    public void remove(String sharedId) {
        publication.remove(sharedId);
    }

    /// Names of hosts with containers on the network, running or not, as far as it is known.
    public List<String> users(String sharedId) {
        return users(sharedId, host -> true);
    }

    /// What of the networks is not as it should be, a sentence each.
    public Set<String> problems() {
        return problems;
    }

    /// Why a network of this host is not the cluster's of that name, by its id on this host.
    public Optional<String> conflict(String networkId) {
        return Optional.ofNullable(conflicts.get(networkId));
    }

    /// Ids of the cluster's networks that containers of this host are on, running or not.
    public Set<String> used() {
        return used;
    }

    @Override
    public void close() {
        watching.run();
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
