package dev.weft.benchmarks;

import dev.weft.lab.GoCompiler;
import dev.weft.lab.Host;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// What a call costs on Weft's library, beside a plugin in Go with net/http: calls that do nothing, and endpoints that
/// come and go with the same requests to the kernel. One client, one process for each server, all in a host of the lab.
final class CallOverhead {
    private static final Path HOME = Path.of(System.getProperty("weft.home"));
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final List<String> PLAIN = List.of(JAVA.toString(), "--enable-native-access=ALL-UNNAMED");
    private static final List<String> SMALL = List.of(JAVA.toString(), "@" + HOME.resolve("agent/jvm.options"));

    /// Of `examples/`, which is no module.
    private static final String NULL_DRIVER = "dev.weft.examples.none.NullDriver";

    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(5);
    private static final Duration WARM_UP = Duration.ofSeconds(6);
    /// While a JVM compiles, the kernel takes longer to delete a link: it waits until every core has been idle or
    /// ticked.
    private static final Duration CYCLE_WARM_UP = Duration.ofSeconds(40);
    /// Of the warm-up: a cycle itself spends most of its time in the kernel, which leaves a JVM cold.
    private static final int CALLS_BESIDE_CYCLE = 50;
    /// Many and short: where the scheduler puts two processes, it leaves them for a while.
    private static final int ROUNDS = 60;
    private static final int CALLS = 240;
    private static final int CONNECTIONS = 8;
    private static final int CYCLE_ROUNDS = 30;
    private static final int CYCLES = 8;
    private static final Duration LIFE = Duration.ofMillis(10);
    private static final String NO_OPTIONS = "{}";
    private static final String NO_PORTS =
            "\"com.docker.network.endpoint.exposedports\":[],\"com.docker.network.portmap\":[]";

    private final Host host;
    private final Random random;

    CallOverhead(Host host, Random random) {
        this.host = host;
        this.random = random;
    }

    /// A plugin.
    ///
    /// @param process null for the agent, which is the host's own
    /// @param options of the network with endpoints, as JSON
    private record Server(String name, @Nullable Process process, Path socket, String options) {}

    /// Quantiles of each round, in microseconds; no 99th percentile of rounds of fewer than 100 calls.
    private record Row(Server server, Series p50, Series p90, Series p99) {
        Row(Server server) {
            this(server, new Series(server.name()), new Series(server.name()), new Series(server.name()));
        }

        void add(Series round) {
            p50.add(round.median());
            p90.add(round.quantile(0.9));
            if (round.size() >= 100) {
                p99.add(round.quantile(0.99));
            }
        }
    }

    /// Something to be repeated on one connection.
    @FunctionalInterface
    private interface Work {
        void run(Server server, PluginConnection connection) throws IOException;
    }

    /// One round against one server.
    @FunctionalInterface
    private interface Round {
        Series run(Server server) throws IOException;
    }

    /// Prints a table for each kind of call, in microseconds, and the ratios to Go.
    void measure() {
        var peer = HOME.resolve("benchmarks/target/peer");
        GoCompiler.ofThisMachine().build(HOME.resolve("benchmarks/src/main/go/peer"), peer);
        try {
            measureNoop(peer);
            measureCycles(peer);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot measure calls: " + failure.getMessage(), failure);
        }
    }

    private void measureNoop(Path peer) throws IOException {
        var leave = leave(newId());
        var createEndpoint = createEndpoint(newId(), newId());
        var servers = new ArrayList<Server>();
        try {
            servers.add(start("Go net/http", List.of(peer.toString(), "noop"), "noop-go"));
            servers.add(start("Weft, java", java(PLAIN, NULL_DRIVER), "noop-java"));
            servers.add(start("Weft, agent/jvm.options", java(SMALL, NULL_DRIVER), "noop-small"));
            warmUp(servers, WARM_UP, (_, connection) -> {
                connection.call(leave);
                connection.call(createEndpoint);
            });
            for (int connections : new int[] {1, CONNECTIONS}) {
                String suffix = connections == 1 ? "" : ", " + connections + " connections";
                compare("no-op Leave" + suffix, ROUNDS, servers, server -> calls(server, leave, connections));
                compare(
                        "no-op CreateEndpoint" + suffix,
                        ROUNDS,
                        servers,
                        server -> calls(server, createEndpoint, connections));
            }
        } finally {
            servers.forEach(CallOverhead::stop);
        }
    }

    private void measureCycles(Path peer) throws IOException {
        var servers = new ArrayList<Server>();
        try {
            servers.add(start("Go, vishvananda/netlink", List.of(peer.toString(), "bridge"), "bridge-go"));
            servers.add(start("Weft, java", java(PLAIN, BridgePlugin.class.getName()), "bridge-java"));
            servers.add(start("Weft, agent/jvm.options", java(SMALL, BridgePlugin.class.getName()), "bridge-small"));
            host.startAgent();
            servers.add(agent("Weft's agent (VXLAN; on record before it answers)", NO_OPTIONS));
            compareCycles(CYCLE_ROUNDS, servers);
        } finally {
            host.stopAgent();
            servers.forEach(CallOverhead::stop);
        }
    }

    /// Prints what an endpoint costs the agent on networks of different modes, in microseconds.
    void measureModes(int rounds) throws IOException {
        host.startAgent();
        try {
            compareCycles(
                    rounds,
                    List.of(
                            agent("vxlan", NO_OPTIONS),
                            agent("macvlan, probe=off", onTheLan("off")),
                            agent("macvlan, probe=fast", onTheLan("fast"))));
        } finally {
            host.stopAgent();
        }
    }

    private static String onTheLan(String probe) {
        return """
                {"mode":"macvlan","parent":"eth0","probe":"%s"}""".formatted(probe);
    }

    private Server agent(String name, String options) {
        return new Server(name, null, host.pluginSocket(), options);
    }

    private void compareCycles(int rounds, List<Server> servers) throws IOException {
        var networks = new HashMap<Server, String>();
        for (var server : servers) {
            var network = newId();
            networks.put(server, network);
            createNetwork(server, network);
        }
        warmUp(servers, CYCLE_WARM_UP, (server, connection) -> {
            var network = Objects.requireNonNull(networks.get(server));
            for (int i = 0; i < CALLS_BESIDE_CYCLE; i++) {
                connection.call(leave(network));
            }
            cycle(connection, network);
        });
        compare(
                "CreateEndpoint + Join + Leave + DeleteEndpoint",
                rounds,
                servers,
                server -> cycles(server, Objects.requireNonNull(networks.get(server))));
        for (var server : servers) {
            deleteNetwork(server, Objects.requireNonNull(networks.get(server)));
        }
    }

    private void compare(String what, int rounds, List<Server> servers, Round round) throws IOException {
        var rows = servers.stream().map(Row::new).toList();
        for (int i = 0; i < rounds; i++) {
            var order = new ArrayList<>(rows);
            Collections.shuffle(order, random);
            for (var row : order) {
                row.add(round.run(row.server()));
            }
        }
        System.err.println("calls: " + what);
        System.out.printf("| %s, µs, medians of %d rounds | p50 | p90 | p99 | p50 / the first's |%n", what, rounds);
        System.out.println("|---|---|---|---|---|");
        double first = rows.getFirst().p50().median();
        for (var row : rows) {
            System.out.printf(
                    "| %s | %.0f | %.0f | %s | %.2f |%n",
                    row.server().name(),
                    row.p50().median(),
                    row.p90().median(),
                    row.p99().size() == 0 ? "" : "%.0f".formatted(row.p99().median()),
                    row.p50().median() / first);
        }
        System.out.println();
    }

    /// The same request again and again, on each connection as soon as the last one is answered.
    private static Series calls(Server server, byte[] request, int connections) throws IOException {
        var clients = new ArrayList<Callable<Series>>();
        for (int i = 0; i < connections; i++) {
            clients.add(() -> {
                var series = new Series(server.name());
                try (var connection = new PluginConnection(server.socket())) {
                    for (int call = 0; call < CALLS / connections; call++) {
                        series.add(connection.call(request) / 1e3);
                    }
                }
                return series;
            });
        }
        var all = new Series(server.name());
        inParallel(clients).forEach(all::addAll);
        return all;
    }

    private Series cycles(Server server, String network) throws IOException {
        var series = new Series(server.name());
        try (var connection = new PluginConnection(server.socket())) {
            for (int i = 0; i < CYCLES; i++) {
                series.add(cycle(connection, network) / 1e3);
            }
        }
        return series;
    }

    /// A new endpoint, as for one run of a container. It lives for a while that differs each time: the kernel
    /// removes a link in steps of its clock's tick, and each server would always meet the same moment of it.
    ///
    /// @return nanoseconds of its calls
    private long cycle(PluginConnection connection, String network) throws IOException {
        var endpoint = newId();
        var key = "{%s}".formatted(keys(network, endpoint));
        long nanos = connection.call(createEndpoint(network, endpoint));
        nanos += connection.call(join(network, endpoint));
        LockSupport.parkNanos(random.nextLong(LIFE.toNanos()));
        nanos += connection.call(PluginConnection.request("/NetworkDriver.Leave", key));
        nanos += connection.call(PluginConnection.request("/NetworkDriver.DeleteEndpoint", key));
        return nanos;
    }

    private byte[] leave(String network) {
        return PluginConnection.request("/NetworkDriver.Leave", "{%s}".formatted(keys(network, newId())));
    }

    private static byte[] createEndpoint(String network, String endpoint) {
        return PluginConnection.request(
                "/NetworkDriver.CreateEndpoint", """
                {%s,"Interface":{"Address":"172.18.0.2/16","AddressIPv6":"","MacAddress":""},"Options":{%s}}""".formatted(keys(network, endpoint), NO_PORTS));
    }

    private static byte[] join(String network, String endpoint) {
        return PluginConnection.request("/NetworkDriver.Join", """
                {%s,"SandboxKey":"/var/run/docker/netns/ffeead18d20f","Options":{%s}}""".formatted(keys(network, endpoint), NO_PORTS));
    }

    private static String keys(String network, String endpoint) {
        return "\"NetworkID\":\"%s\",\"EndpointID\":\"%s\"".formatted(network, endpoint);
    }

    private static void createNetwork(Server server, String network) throws IOException {
        try (var connection = new PluginConnection(server.socket())) {
            connection.call(
                    PluginConnection.request("/NetworkDriver.CreateNetwork", """
                    {"NetworkID":"%s","Options":{"com.docker.network.enable_ipv4":true,\
                    "com.docker.network.enable_ipv6":false,"com.docker.network.generic":%s},\
                    "IPv4Data":[{"AddressSpace":"LocalDefault","Gateway":"172.18.0.1/16","Pool":"172.18.0.0/16"}],\
                    "IPv6Data":[]}""".formatted(network, server.options())));
        }
    }

    private static void deleteNetwork(Server server, String network) throws IOException {
        try (var connection = new PluginConnection(server.socket())) {
            connection.call(PluginConnection.request(
                    "/NetworkDriver.DeleteNetwork", "{\"NetworkID\":\"%s\"}".formatted(network)));
        }
    }

    private String newId() {
        byte[] id = new byte[32];
        random.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }

    /// All servers at once, so that a JVM compiles what it runs: each for the same time.
    private static void warmUp(List<Server> servers, Duration time, Work work) throws IOException {
        long end = System.nanoTime() + time.toNanos();
        var clients = new ArrayList<Callable<Void>>();
        for (var server : servers) {
            clients.add(() -> {
                try (var connection = new PluginConnection(server.socket())) {
                    while (System.nanoTime() < end) {
                        work.run(server, connection);
                    }
                }
                return null;
            });
        }
        inParallel(clients);
    }

    private static <T> List<T> inParallel(List<Callable<T>> clients) throws IOException {
        var results = new ArrayList<T>();
        try (var threads = Executors.newFixedThreadPool(clients.size())) {
            for (var client : threads.invokeAll(clients)) {
                results.add(client.get());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", stop);
        } catch (ExecutionException failure) {
            throw new IOException("a client failed: " + failure.getCause(), failure);
        }
        return results;
    }

    private static List<String> java(List<String> java, String plugin) {
        var words = new ArrayList<>(java);
        words.addAll(List.of("-cp", HOME.resolve("benchmarks/target/dist") + "/*", plugin));
        return words;
    }

    /// Starts a plugin, whose last argument is its socket, and waits until it answers.
    private Server start(String name, List<String> command, String socket) {
        var inside = "/run/" + socket + ".sock";
        var words = new ArrayList<>(command);
        words.add(inside);
        var server = new Server(name, host.start(words.toArray(String[]::new)), host.path(inside), NO_OPTIONS);
        var activate = PluginConnection.request("/Plugin.Activate", "");
        long end = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < end) {
            try (var connection = new PluginConnection(server.socket())) {
                connection.call(activate);
                return server;
            } catch (IOException notYet) {
                LockSupport.parkNanos(POLL.toNanos());
            }
        }
        stop(server);
        throw new IllegalStateException(name + " did not answer within " + START.toSeconds() + " s");
    }

    private static void stop(Server server) {
        if (server.process() != null) {
            server.process().destroy();
            server.process().onExit().join();
        }
    }
}
