package dev.weft.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// What durable endpoints cost: one after another, from many clients at once, and with more and more of them on record;
/// and what a start and a comparison cost with all of them. Everything but the kernel, which only remembers.
final class StateScale {
    private static final Path HOME = Path.of(System.getProperty("weft.home"));
    private static final int NETWORKS = 1000;
    private static final int ENDPOINTS = 10_000;
    private static final int CLIENTS = 200;
    private static final int EACH = 20;
    private static final int SAMPLE = 200;

    private final Path folder;
    private final AtomicInteger endpoints = new AtomicInteger();

    StateScale() throws IOException {
        folder = Files.createTempDirectory(Path.of("/var/tmp"), "weft-bench");
    }

    /// Prints a line for each size, and the figures of a start with everything.
    void measure() throws IOException {
        try {
            grow();
            restart();
        } finally {
            remove();
        }
    }

    private void grow() throws IOException {
        try (var agent = new Agent(folder);
                var connection = new PluginConnection(agent.socket())) {
            for (int network = 0; network < NETWORKS; network++) {
                connection.call(createNetwork(network));
            }
            System.out.println(
                    "| endpoints on record | CreateEndpoint p50, ms | | Join + Leave + DeleteEndpoint p50, ms | |");
            System.out.println("|---|---|---|---|---|");
            for (int size : List.of(0, 1000, 2500, 5000, ENDPOINTS)) {
                while (endpoints.get() < size) {
                    fill(agent, Math.min(CLIENTS * EACH, size - endpoints.get()));
                }
                sample(connection, size);
            }
            clients(agent);
            System.out.println();
        }
    }

    private void sample(PluginConnection connection, int size) throws IOException {
        var create = new Series("create");
        var rest = new Series("rest");
        for (int i = 0; i < SAMPLE; i++) {
            int number = endpoints.getAndIncrement();
            create.add(connection.call(createEndpoint(number)) / 1e6);
            long nanos = connection.call(keyed("Join", number, ",\"SandboxKey\":\"/run/x\",\"Options\":{}"));
            nanos += connection.call(keyed("Leave", number, ""));
            nanos += connection.call(keyed("DeleteEndpoint", number, ""));
            rest.add(nanos / 1e6);
        }
        endpoints.addAndGet(-SAMPLE);
        System.out.printf(
                "| %d | %.2f | `%s` | %.2f | `%s` |%n",
                size, create.median(), bar(create.median()), rest.median(), bar(rest.median()));
    }

    /// One mark for each quarter of a millisecond.
    private static String bar(double milliseconds) {
        return "#".repeat(Math.max(1, (int) Math.round(4 * milliseconds)));
    }

    private void clients(Agent agent) throws IOException {
        long start = System.nanoTime();
        int before = endpoints.get();
        fill(agent, CLIENTS * EACH);
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                "%n%d clients at once, each with a connection: %.0f durable endpoints per second%n",
                CLIENTS, (endpoints.get() - before) / seconds);
    }

    /// With as many connections as there are clients, or fewer.
    private void fill(Agent agent, int count) throws IOException {
        int clients = Math.min(CLIENTS, count);
        try (var threads = Executors.newFixedThreadPool(clients)) {
            var work = new ArrayList<Callable<Void>>();
            for (int client = 0; client < clients; client++) {
                int share = count / clients + (client < count % clients ? 1 : 0);
                work.add(() -> {
                    try (var connection = new PluginConnection(agent.socket())) {
                        for (int i = 0; i < share; i++) {
                            connection.call(createEndpoint(endpoints.getAndIncrement()));
                        }
                    }
                    return null;
                });
            }
            for (var done : threads.invokeAll(work)) {
                done.get();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", stop);
        } catch (ExecutionException failure) {
            throw new IOException("a client failed", failure.getCause());
        }
    }

    private void restart() throws IOException {
        long start = System.nanoTime();
        try (var agent = new Agent(folder);
                var connection = new PluginConnection(agent.socket())) {
            connection.call(createEndpoint(endpoints.getAndIncrement()));
            double serving = (System.nanoTime() - start) / 1e9;
            long first = agent.compare();
            long next = agent.compare();
            System.out.printf(
                    "%d networks, %d endpoints: start to the first durable answer %.2f s, comparison %d ms (first) and"
                            + " %d ms, RSS %d MB%n%n",
                    NETWORKS, endpoints.get(), serving, first, next, agent.residentMegabytes());
        }
    }

    private static String network(int number) {
        return "%064x".formatted(number + 1);
    }

    private static byte[] createNetwork(int number) {
        var pool = "10.%d.%d.0/24".formatted(number / 250, number % 250);
        return PluginConnection.request("/NetworkDriver.CreateNetwork", """
                {"NetworkID":"%s","Options":{"com.docker.network.generic":{}},"IPv4Data":[{"AddressSpace":"LocalDefault",\
                "Pool":"%s"}],"IPv6Data":[]}""".formatted(network(number), pool));
    }

    /// In the networks by turns.
    private static byte[] createEndpoint(int number) {
        int network = number % NETWORKS;
        var address = "10.%d.%d.%d/24".formatted(network / 250, network % 250, 1 + number / NETWORKS);
        return keyed(
                "CreateEndpoint",
                number,
                ",\"Interface\":{\"Address\":\"" + address
                        + "\",\"AddressIPv6\":\"\",\"MacAddress\":\"\"},\"Options\":{}");
    }

    private static byte[] keyed(String method, int number, String more) {
        return PluginConnection.request(
                "/NetworkDriver." + method,
                "{\"NetworkID\":\"%s\",\"EndpointID\":\"%064x\"%s}"
                        .formatted(network(number % NETWORKS), number + 1_000_000, more));
    }

    private void remove() throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /// A [RecordedAgent] in a process of its own, with the agent's options.
    private static final class Agent implements AutoCloseable {
        private final Path socket;
        private final Process process;
        private final BufferedReader output;

        Agent(Path folder) throws IOException {
            socket = folder.resolve("weft.sock");
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "@" + HOME.resolve("agent/jvm.options"),
                            "-cp",
                            System.getProperty("java.class.path"),
                            RecordedAgent.class.getName(),
                            socket.toString(),
                            folder.resolve("state").toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            output = process.inputReader(StandardCharsets.UTF_8);
            if (!"ready".equals(output.readLine())) {
                throw new IOException("the agent on a recording kernel did not start; see its output above");
            }
        }

        Path socket() {
            return socket;
        }

        long compare() throws IOException {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            return Long.parseLong(output.readLine());
        }

        long residentMegabytes() throws IOException {
            return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                            .filter(line -> line.startsWith("VmRSS:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .findFirst()
                            .orElseThrow()
                    / 1000;
        }

        @Override
        public void close() {
            try {
                process.getOutputStream().close();
                process.waitFor();
            } catch (IOException alreadyEnded) {
                throw new UncheckedIOException(alreadyEnded);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
