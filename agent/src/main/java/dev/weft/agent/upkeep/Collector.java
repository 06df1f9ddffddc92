package dev.weft.agent.upkeep;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;
import static java.util.stream.Collectors.toSet;

import dev.weft.drivers.WeftDriver;
import dev.weft.engine.Ipam;
import dev.weft.engine.Network;
import dev.weft.inet.AddressText;
import dev.weft.ipam.WeftIpam;
import dev.weft.netlink.NetlinkException;
import dev.weft.plugin.EndpointKey;
import dev.weft.plugin.Refusal;
import dev.weft.state.EndpointRecord;
import dev.weft.state.EngineRecord;
import dev.weft.state.NetworkRecord;
import dev.weft.state.PoolRecord;
import dev.weft.state.Registry;
import dev.weft.state.StateException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// Removes what the engine no longer has, because engines send deletes once, if at all (facts of libnetwork: a failed
/// delete is forgotten). Only on positive knowledge: the engine whose networks these are says, at every look for the
/// length of the grace period, that it has no such thing.
///
/// For one thread at a time; the counter may be read by any.
public final class Collector {
    private static final System.Logger LOG = System.getLogger(Collector.class.getName());

    /// An engine without any networks, where there were so many, may be one that has lost its own state.
    private static final int MANY = 2;

    /// An address of a pool.
    public record Given(String poolId, InetAddress address) {}

    /// What is on record before the engine is asked: what comes meanwhile is not its to know.
    ///
    /// @param addresses that are given in the pools
    /// @param strangers aliases of links of ours that are of nothing on record
    public record Candidates(
            List<NetworkRecord> networks,
            List<EndpointRecord> endpoints,
            List<PoolRecord> pools,
            Set<Given> addresses,
            Set<String> strangers) {
        public Candidates {
            networks = List.copyOf(networks);
            endpoints = List.copyOf(endpoints);
            pools = List.copyOf(pools);
            addresses = Set.copyOf(addresses);
            strangers = Set.copyOf(strangers);
        }
    }

    private final Registry registry;
    private final WeftDriver driver;
    private final WeftIpam ipam;
    private final String plugin;
    private final Duration grace;
    private final LongSupplier nanoTime;
    private final Missing missing;
    private final AtomicLong collected = new AtomicLong();
    private volatile boolean trusted;

    private final List<String> problems = new ArrayList<>();
    private final Set<Given> notOnRecord = new HashSet<>();
    private long addressesSeen;

    /// @param plugin   what the engine calls this plugin: `weft`
    /// @param grace    how long the engine must be without a thing
    /// @param nanoTime as [System#nanoTime]
    public Collector(
            Registry registry, WeftDriver driver, WeftIpam ipam, String plugin, Duration grace, LongSupplier nanoTime) {
        this.registry = registry;
        this.driver = driver;
        this.ipam = ipam;
        this.plugin = plugin;
        this.grace = grace;
        this.nanoTime = nanoTime;
        this.missing = new Missing(grace, nanoTime);
        this.addressesSeen = nanoTime.getAsLong();
    }

    /// To be called before the engine is looked at.
    ///
    /// @param strangers as in [Candidates]
    public Candidates candidates(Set<String> strangers) {
        ipam.beginLook();
        return new Candidates(
                List.copyOf(registry.networks()),
                List.copyOf(registry.endpoints()),
                List.copyOf(registry.pools()),
                registry.pools().stream()
                        .flatMap(pool -> registry.addressesOf(pool.id()).stream())
                        .map(given -> new Given(given.poolId(), given.address()))
                        .collect(toSet()),
                strangers);
    }

    /// Compares, and removes what is missing for too long.
    ///
    /// @return what keeps it from removing anything, or could not be removed, a sentence each
    public List<String> collect(Candidates candidates, EngineView view) {
        var doubts = doubts(candidates, view);
        if (!doubts.isEmpty()) {
            notOnRecord.clear();
            return doubts;
        }
        problems.clear();
        var gone = new HashSet<String>();
        adoptAddresses(candidates, view);
        networks(candidates, view, gone);
        endpoints(candidates, view, gone);
        pools(candidates, view, gone);
        strangers(candidates, view, gone);
        addresses(candidates, view);
        missing.keepOnly(gone);
        return List.copyOf(problems);
    }

    private List<String> doubts(Candidates candidates, EngineView view) {
        var info = view.info();
        var present = new EngineRecord(info.id(), info.name(), info.version());
        var known = registry.engine().orElse(null);
        if (known != null && !known.id().equals(present.id())) {
            return List.of("the engine is another one than that whose networks are on record (its id is " + info.id()
                    + ", not " + known.id() + "), so nothing is removed. If that is right, run 'weft engine adopt'.");
        }
        boolean empty = view.networks().stream().noneMatch(this::isOurs);
        if (empty && candidates.networks().size() >= MANY && !trusted) {
            return List.of("the engine has none of the " + candidates.networks().size()
                    + " networks on record, so it may have lost its own state, and nothing is removed."
                    + " If they are to go, run 'weft engine adopt'.");
        }
        if (!empty) {
            trusted = false; // what a person said was of the engine as it was then
        }
        if (!present.equals(known)) {
            registry.put(present);
        }
        return List.of();
    }

    /// A person says that the engine is the right one, and that what it lacks is to go.
    public void adopt(EngineRecord engine) {
        registry.put(engine);
        trusted = true;
    }

    /// Also where a managed plugin was given another name when it was installed.
    private boolean isOurs(Network network) {
        return network.isDrivenBy(plugin) || registry.network(network.id()).isPresent();
    }

    private void networks(Candidates candidates, EngineView view, Set<String> gone) {
        for (var network : candidates.networks()) {
            var there = view.network(network.id());
            if (there.isPresent()) {
                driver.learnName(network.id(), there.get().name());
            } else if (isOver("network " + network.id(), gone)) {
                removed(
                        "network " + network.title(),
                        () -> driver.removeNetwork(network.id(), "because the engine no longer had it"));
            }
        }
    }

    private void endpoints(Candidates candidates, EngineView view, Set<String> gone) {
        var names = view.containersByEndpoint();
        for (var endpoint : candidates.endpoints()) {
            var key = new EndpointKey(endpoint.networkId(), endpoint.id());
            var name = names.get(endpoint.id());
            if (name != null) {
                driver.learnContainer(key, name);
            } else if (view.network(endpoint.networkId()).isPresent()
                    && !view.hasEndpoint(endpoint.networkId(), endpoint.id())
                    && isOver("endpoint " + endpoint.id(), gone)) {
                removed(endpoint.title(), () -> driver.removeEndpoint(key, "because the engine no longer had it"));
            }
        }
    }

    /// Of the swarm's pools a manager alone knows which networks have them.
    private void pools(Candidates candidates, EngineView view, Set<String> gone) {
        for (var pool : candidates.pools()) {
            var users = view.networks().stream()
                    .filter(network -> mayUse(network, pool))
                    .toList();
            users.stream()
                    .filter(network -> network.ipam().isOf(plugin))
                    .findFirst()
                    .ifPresent(user -> bind(pool, user));
            if (users.isEmpty() && isKnownHere(pool, view) && isOver("pool " + pool.id(), gone)) {
                var title = "subnet " + pool.subnet();
                attempt("take back " + title + ", which the engine no longer has", () -> {
                    if (ipam.collectPool(pool.id())) {
                        told(title);
                    }
                });
            }
        }
    }

    /// Of a managed plugin with a name that it was given when it was installed nobody can tell that it is this one.
    private static boolean mayUse(Network network, PoolRecord pool) {
        return !network.ipam().driver().equals(Ipam.DEFAULT.driver())
                && network.ipam().pools().stream()
                        .anyMatch(given -> given.subnet().equals(pool.subnet()));
    }

    private static boolean isKnownHere(PoolRecord pool, EngineView view) {
        return !pool.addressSpace().equals(WeftIpam.GLOBAL)
                || view.info().swarm().manager();
    }

    private void bind(PoolRecord pool, Network user) {
        if (pool.networkId() == null && pool.addressSpace().equals(WeftIpam.LOCAL)) {
            try {
                ipam.bind(pool.id(), user.id());
            } catch (Refusal another) {
                problems.add(String.valueOf(another.getMessage()));
            }
        }
    }

    private void strangers(Candidates candidates, EngineView view, Set<String> gone) {
        for (var alias : candidates.strangers()) {
            var id = alias.substring(alias.lastIndexOf(' ') + 1);
            boolean there = view.network(id).isPresent()
                    || view.networks().stream()
                            .filter(this::isOurs)
                            .anyMatch(network -> view.hasEndpoint(network.id(), id));
            if (!there && isOver(alias, gone)) {
                removed("the links of " + alias, () -> driver.removeStranger(alias));
            }
        }
    }

    /// Addresses that were given, and that nobody has: a crash ate the answer, or the release. Twice found unused, a
    /// grace period apart.
    private void addresses(Candidates candidates, EngineView view) {
        if (nanoTime.getAsLong() - addressesSeen < grace.toNanos()) {
            return;
        }
        addressesSeen = nanoTime.getAsLong();
        for (var pool : candidates.pools()) {
            var network = pool.networkId();
            if (network == null
                    || !pool.addressSpace().equals(WeftIpam.LOCAL)
                    || view.network(network).isEmpty()) {
                continue;
            }
            var inUse = new HashSet<>(view.addresses(network));
            registry.endpointsOf(network).forEach(endpoint -> inUse.addAll(endpoint.addresses()));
            attempt(
                    "take back unused addresses of subnet " + pool.subnet(),
                    () -> ipam.collect(pool.id(), inUse)
                            .forEach(address -> told("address " + AddressText.of(address))));
        }
    }

    /// Whatever the engine has is not given to others, also if the state was put back from an old copy: what it has at
    /// two looks, and was given neither before nor after them. Addresses are given and released meanwhile.
    private void adoptAddresses(Candidates candidates, EngineView view) {
        var found = new HashSet<Given>();
        for (var pool : candidates.pools()) {
            var network = pool.networkId();
            if (network != null && pool.addressSpace().equals(WeftIpam.LOCAL)) {
                view.containerAddresses(network).stream()
                        .filter(pool.subnet()::contains)
                        .filter(address -> registry.address(pool.id(), address).isEmpty())
                        .map(address -> new Given(pool.id(), address))
                        .filter(address -> !candidates.addresses().contains(address))
                        .forEach(found::add);
            }
        }
        found.stream().filter(notOnRecord::contains).forEach(this::adopt);
        found.removeAll(notOnRecord);
        notOnRecord.clear();
        notOnRecord.addAll(found);
    }

    private void adopt(Given one) {
        attempt("put on record which addresses are in use", () -> {
            if (ipam.adopt(one.poolId(), one.address())) {
                LOG.log(
                        WARNING,
                        "address {0} was not on record, and the engine has it: it is given to nobody else",
                        AddressText.of(one.address()));
            }
        });
    }

    /// Whether another look soon would tell more.
    boolean isInDoubt() {
        return !notOnRecord.isEmpty();
    }

    private boolean isOver(String thing, Set<String> gone) {
        gone.add(thing);
        return missing.isOver(thing);
    }

    private void removed(String title, Runnable removal) {
        attempt("remove " + title + ", which the engine no longer has", () -> {
            removal.run();
            told(title);
        });
    }

    private void attempt(String doing, Runnable work) {
        try {
            work.run();
        } catch (Refusal | StateException | NetlinkException failure) {
            problems.add("cannot " + doing + ": " + failure.getMessage());
        }
    }

    private void told(String title) {
        collected.incrementAndGet();
        LOG.log(INFO, "removed {0}, which the engine no longer has", title);
    }

    /// How many things were removed since the agent started.
    public long collected() {
        return collected.get();
    }
}
