package dev.weft.benchmarks;

import dev.weft.lab.Host;
import dev.weft.lab.Lab;
import dev.weft.netlink.NetworkNamespace;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// What goes from a container on one host to one on another, both on the hosts' own LAN, and how long it takes there
/// and
/// back; in rounds whose order is shuffled anew each time.
final class LanTraffic {
    private static final Duration STREAM = Duration.ofSeconds(1);
    private static final int ROUND_TRIPS = 2000;

    /// The first process of a host, as the host sees it.
    private static final String INIT = "1";

    private static final String HOSTS = "eth0 to eth0, no container";
    private static final String MACVLAN = "macvlan";
    /// Containers of the same network as the pair before: what they differ in is chance.
    private static final String MACVLAN_AGAIN = "macvlan, another pair of containers";
    private static final String WEFT = "weft, mode=macvlan";

    private final Lab lab;
    private final Random random;

    LanTraffic(Lab lab, Random random) {
        this.lab = lab;
        this.random = random;
    }

    /// Two ends, and what was measured between them.
    ///
    /// @param address of the far end
    private record Pair(
            String name,
            NetworkNamespace near,
            NetworkNamespace far,
            InetAddress address,
            Series throughput,
            Series roundTrip)
            implements AutoCloseable {
        Pair(String name, NetworkNamespace near, NetworkNamespace far, InetAddress address) {
            this(name, near, far, address, new Series(name), new Series(name));
        }

        void warmUp() throws IOException {
            stream();
            roundTrips();
        }

        void measure() throws IOException {
            throughput.add(stream());
            roundTrip.add(roundTrips());
        }

        private double stream() throws IOException {
            try (var wire = Wire.connect(near, far, address)) {
                return wire.throughput(STREAM);
            }
        }

        private double roundTrips() throws IOException {
            try (var wire = Wire.connect(near, far, address)) {
                return wire.roundTrips(ROUND_TRIPS).median();
            }
        }

        @Override
        public void close() {
            near.close();
            far.close();
        }
    }

    /// Prints a table and the ratios.
    void measure(int rounds) throws IOException {
        for (var host : lab.hosts()) {
            host.startAgent();
            create(host, "m", "10.78.0.0/24", "macvlan");
            create(host, "w", "10.79.0.0/24", "weft", "-o", "mode=macvlan");
        }
        var pairs = new ArrayList<Pair>();
        try {
            pairs.add(new Pair(
                    HOSTS,
                    namespace(lab.host(1), INIT),
                    namespace(lab.host(2), INIT),
                    InetAddress.ofLiteral(lab.host(2).address())));
            pairs.add(containers(MACVLAN, "m", "10.78.0.11", "10.78.0.12"));
            pairs.add(containers(MACVLAN_AGAIN, "m", "10.78.0.21", "10.78.0.22"));
            pairs.add(containers(WEFT, "w", "10.79.0.11", "10.79.0.12"));
            measure(rounds, pairs);
        } finally {
            pairs.forEach(Pair::close);
        }
    }

    private static void create(Host host, String network, String subnet, String driver, String... options) {
        var words = new ArrayList<>(List.of("network", "create", "-d", driver, "--subnet", subnet));
        words.addAll(List.of("-o", "parent=eth0"));
        words.addAll(List.of(options));
        words.add(network);
        host.docker(words.toArray(String[]::new)).ok();
    }

    /// One on each host.
    private Pair containers(String name, String network, String near, String far) throws IOException {
        return new Pair(
                name,
                container(lab.host(1), network, near),
                container(lab.host(2), network, far),
                InetAddress.ofLiteral(far));
    }

    private static NetworkNamespace container(Host host, String network, String address) {
        var id = host.docker("run", "-d", "--network", network, "--ip", address, "busybox", "top")
                .ok()
                .text();
        var pid = host.docker("inspect", "-f", "{{.State.Pid}}", id).ok().text();
        return namespace(host, pid);
    }

    /// @param pid as the host sees it
    private static NetworkNamespace namespace(Host host, String pid) {
        return NetworkNamespace.at(Path.of("/proc/" + host.pid() + "/root/proc/" + pid + "/ns/net"));
    }

    private void measure(int rounds, List<Pair> pairs) throws IOException {
        for (var pair : pairs) {
            pair.warmUp(); // not counted: the JVM compiles
        }
        for (int round = 1; round <= rounds; round++) {
            var order = new ArrayList<>(pairs);
            Collections.shuffle(order, random);
            for (var pair : order) {
                pair.measure();
            }
            System.err.printf("traffic on the LAN: round %d of %d%n", round, rounds);
        }
        System.out.printf("| between two hosts, medians of %d rounds | Gbit/s | least to most ", rounds);
        System.out.println("| TCP round trip, µs | least to most |\n|---|---|---|---|---|");
        pairs.forEach(LanTraffic::print);
        System.out.println();
        var builtIn = pairs.get(1);
        for (var other : pairs.subList(2, pairs.size())) {
            System.out.printf(
                    "- %s / %s: throughput %.2f, round trip %.2f%n",
                    other.name(),
                    builtIn.name(),
                    other.throughput().median() / builtIn.throughput().median(),
                    other.roundTrip().median() / builtIn.roundTrip().median());
        }
        System.out.println();
    }

    private static void print(Pair pair) {
        System.out.printf(
                "| %s | %.2f | %.2f to %.2f | %.1f | %.1f to %.1f |%n",
                pair.name(),
                pair.throughput().median(),
                pair.throughput().quantile(0),
                pair.throughput().quantile(1),
                pair.roundTrip().median(),
                pair.roundTrip().quantile(0),
                pair.roundTrip().quantile(1));
    }
}
