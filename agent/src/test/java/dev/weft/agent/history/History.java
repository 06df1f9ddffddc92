package dev.weft.agent.history;

import static java.util.stream.Collectors.toSet;

import dev.weft.cluster.Store;
import dev.weft.drivers.plan.Step;
import dev.weft.inet.Subnet;
import dev.weft.lab.Etcd;
import dev.weft.netlink.Netlink;
import dev.weft.state.AddressRecord;
import dev.weft.state.EndpointRecord;
import dev.weft.state.SharedNetwork;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// What happens to some hosts, drawn from a seed, and whether all was right.
final class History implements AutoCloseable {
    private static final int HOSTS = 4;
    private static final int STEPS = 60;
    private static final Map<String, Subnet> NETWORKS =
            new TreeMap<>(Map.of("one", Subnet.parse("10.1.0.0/24"), "two", Subnet.parse("10.2.0.0/24")));

    private final Random random;
    private final Etcd etcd;
    private final Duration patience;
    private final List<SimulatedHost> hosts = new ArrayList<>();
    private final Map<String, String> networkOf = new HashMap<>();

    /// By network and address.
    private final Map<String, String> holders = new HashMap<>();

    private final List<String> told = new ArrayList<>();
    private boolean etcdRuns = true;
    private int last;

    /// @param connecting to the store, in a cluster of its own
    /// @param patience   with what must become true
    History(
            long seed,
            Path folder,
            Etcd etcd,
            Supplier<Store> connecting,
            Netlink routes,
            SimulatedHost.Fault fault,
            Duration patience)
            throws IOException {
        random = new Random(seed);
        this.etcd = etcd;
        this.patience = patience;
        for (int number = 1; number <= HOSTS; number++) {
            var state = Files.createDirectory(folder.resolve("h" + number));
            hosts.add(new SimulatedHost(number, state, connecting, routes, new Random(random.nextLong()), fault));
        }
    }

    /// @throws AssertionError if an address has two holders
    void play() throws Exception {
        hosts.forEach(SimulatedHost::begin);
        await("all hear each other", () -> hosts.stream().allMatch(SimulatedHost::hearsOthers) ? "" : "not yet");
        for (var network : NETWORKS.entrySet()) {
            var host = any(hosts);
            boolean ownIpam = random.nextBoolean();
            tell("create " + network.getKey() + " on " + host.id() + (ownIpam ? " with Docker's IPAM" : ""));
            host.engine().create(network.getKey(), network.getValue(), ownIpam);
        }
        await("the networks are everywhere", this::networksMissing);
        for (int i = 0; i < STEPS; i++) {
            step();
        }
    }

    private void tell(String event) {
        told.add(event);
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private void step() throws Exception {
        var host = any(hosts);
        int dice = random.nextInt(100);
        if (dice < 45) {
            run(host);
        } else if (dice < 70) {
            stop(host);
        } else if (dice < 78) {
            tell((host.isUp() ? "end " : "begin ") + host.id());
            if (host.isUp()) {
                host.end();
            } else {
                host.begin();
            }
        } else if (dice < 86) {
            boolean cut = random.nextBoolean();
            tell((cut ? "cut " : "heal ") + host.id());
            host.cut(cut);
        } else if (dice < 92) {
            toggleEtcd();
        } else {
            TimeUnit.MILLISECONDS.sleep(random.nextInt(300));
        }
    }

    private void toggleEtcd() throws IOException {
        tell(etcdRuns ? "etcd dies" : "etcd starts");
        if (etcdRuns) {
            etcd.kill();
        } else {
            etcd.start();
        }
        etcdRuns = !etcdRuns;
    }

    private void run(SimulatedHost host) {
        var network = any(List.copyOf(NETWORKS.keySet()));
        InetAddress wanted =
                random.nextInt(5) == 0 ? SimulatedEngine.nth(NETWORKS.get(network), 2 + random.nextInt(240)) : null;
        last++;
        var container = "c" + last;
        var place = host.engine().run(container, network, wanted);
        place.ifPresent(got -> {
            tell("run " + container + " on " + host.id() + " in " + network + ": " + got.address());
            networkOf.put(container, network);
            var before = holders.put(network + " " + got.address(), container);
            if (before != null) {
                throw new AssertionError(got.address() + " of network " + network + " is that of " + before + " and of "
                        + container + this);
            }
        });
    }

    private void stop(SimulatedHost host) {
        var containers = host.engine().containers();
        if (containers.isEmpty() || !host.isUp()) {
            return;
        }
        stop(host, any(containers));
    }

    private void stop(SimulatedHost host, String container) {
        var place = host.engine().place(container).orElseThrow();
        var key = networkOf.get(container) + " " + place.address();
        tell("stop " + container + " on " + host.id());
        holders.remove(key);
        if (!host.engine().stop(container)) {
            holders.put(key, container);
        }
    }

    /// All is mended, and in the end all know the same; then all containers stop, and nothing is left.
    ///
    /// @throws AssertionError if it is not so in time
    void check() throws Exception {
        mend();
        await("all know the same", this::difference);
        for (var host : hosts) {
            host.engine().containers().forEach(container -> stop(host, container));
        }
        await("nothing is left", this::difference);
    }

    private void mend() throws IOException {
        if (!etcdRuns) {
            toggleEtcd();
        }
        for (var host : hosts) {
            host.cut(false);
            if (!host.isUp()) {
                host.begin();
            }
        }
    }

    private String networksMissing() {
        for (var host : hosts) {
            var there = host.engine().networks().stream()
                    .map(network -> network.name())
                    .collect(toSet());
            if (!there.equals(NETWORKS.keySet()) || host.registry().replicas().size() < NETWORKS.size()) {
                return host.id() + " has " + there + "; " + host.problems();
            }
        }
        return "";
    }

    /// The first thing that is not as it should be; empty if nothing is.
    private String difference() {
        var catalogues = new HashSet<Set<SharedNetwork>>();
        for (var host : hosts) {
            if (!host.hearsOthers()) {
                return host.id() + " does not hear the others";
            }
            catalogues.add(new HashSet<>(host.registry().sharedNetworks()));
        }
        if (catalogues.size() != 1) {
            return "the catalogues are " + catalogues;
        }
        for (var host : hosts) {
            var other = differenceOf(host);
            if (!other.isEmpty()) {
                return other;
            }
        }
        return "";
    }

    private String differenceOf(SimulatedHost host) {
        for (var replica : host.registry().replicas()) {
            var wanted = stations(host, replica.sharedId());
            var seen = new TreeSet<String>();
            host.kernel().inForce().stream()
                    .filter(step -> step instanceof Step.Forward forward
                            && forward.device()
                                    .endsWith(replica.networkId()
                                            .substring(
                                                    0,
                                                    Math.min(
                                                            12,
                                                            replica.networkId().length()))))
                    .forEach(step -> ((Step.Forward) step)
                            .stations()
                            .forEach(station ->
                                    seen.add(station.mac() + " " + station.addresses() + " at " + station.host())));
            if (!seen.equals(wanted)) {
                return host.id() + " forwards to " + seen + ", and should to " + wanted;
            }
            var given = given(host, replica.networkId());
            var used = host.registry().endpointsOf(replica.networkId()).stream()
                    .flatMap(endpoint -> endpoint.addresses().stream())
                    .collect(toSet());
            if (given.isPresent() && !given.get().equals(used)) {
                return host.id() + " has given " + given.get() + ", and " + used + " are used";
            }
        }
        return "";
    }

    /// What Weft's IPAM has given in the network; empty if it does not give its addresses.
    private static Optional<Set<InetAddress>> given(SimulatedHost host, String networkId) {
        return host.registry().pools().stream()
                .filter(pool -> networkId.equals(pool.networkId()))
                .findFirst()
                .map(pool -> host.registry().addressesOf(pool.id()).stream()
                        .filter(address -> !address.isGateway())
                        .map(AddressRecord::address)
                        .collect(toSet()));
    }

    private TreeSet<String> stations(SimulatedHost host, String sharedId) {
        var stations = new TreeSet<String>();
        for (var other : hosts) {
            if (other != host) {
                for (var replica : other.registry().replicas()) {
                    if (replica.sharedId().equals(sharedId)) {
                        for (EndpointRecord endpoint : other.registry().endpointsOf(replica.networkId())) {
                            stations.add(endpoint.mac() + " " + endpoint.addresses() + " at " + other.address());
                        }
                    }
                }
            }
        }
        return stations;
    }

    private void await(String what, Supplier<String> difference) throws InterruptedException {
        var end = Instant.now().plus(patience);
        while (true) {
            var now = difference.get();
            if (now.isEmpty()) {
                return;
            }
            if (Instant.now().isAfter(end)) {
                throw new AssertionError("not so after " + patience.toSeconds() + " s: " + what + ": " + now + this);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    @Override
    public String toString() {
        return "; what happened:\n" + String.join("\n", told);
    }

    @Override
    public void close() throws IOException {
        hosts.forEach(SimulatedHost::close);
        if (!etcdRuns) {
            etcd.start();
        }
    }
}
