package dev.weft.benchmarks;

import dev.weft.http.HttpClient;
import dev.weft.lab.Host;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/// How long after its start an agent answers, and how much memory it then holds: as the launcher runs it, and as it is
/// packaged, with a Java of its own and an AOT cache.
final class AgentStart {
    private static final Path HOME = Path.of(System.getProperty("weft.home"));
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final Duration IDLE = Duration.ofSeconds(3);
    private static final String NETWORK = "a".repeat(64);

    private final Host host;
    private final Random random;
    private int endpoints;

    AgentStart(Host host, Random random) {
        this.host = host;
        this.random = random;
    }

    private record Variant(String name, List<String> command, Series activate, Series endpoint, Series memory) {
        Variant(String name, List<String> command) {
            this(name, command, new Series(name), new Series(name), new Series(name));
        }
    }

    /// Prints three tables: milliseconds to the first answer, to the first durable endpoint, and megabytes when idle.
    void measure(int rounds) throws IOException {
        var folder = Files.createTempDirectory("weft-bench");
        try {
            measure(rounds, List.of(new Variant("launcher", launcher()), new Variant("packaged", packaged(folder))));
        } finally {
            run("rm", "-r", folder.toString());
        }
    }

    private void measure(int rounds, List<Variant> variants) {
        makeNetwork(variants.getFirst());
        for (int round = 1; round <= rounds; round++) {
            var order = new ArrayList<>(variants);
            Collections.shuffle(order, random);
            order.forEach(this::measure);
            System.err.printf("agent start: round %d of %d%n", round, rounds);
        }
        print("first Activate answered, ms after the start of the process, n = " + rounds, variants, Variant::activate);
        print("first durable CreateEndpoint answered, ms, n = " + rounds, variants, Variant::endpoint);
        print("RSS when idle, MB, n = " + rounds, variants, Variant::memory);
    }

    private static List<String> launcher() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + HOME.resolve("agent/jvm.options"),
                "-cp",
                HOME.resolve("agent/target/dist") + "/*",
                "dev.weft.agent.Main",
                "agent");
    }

    /// Makes the tarball, and unpacks it there.
    private static List<String> packaged(Path folder) throws IOException {
        run(HOME.resolve("weft").toString(), "package", folder.toString());
        try (var made = Files.newDirectoryStream(folder, "weft-[0-9]*.tar.gz")) {
            run("tar", "-xzf", made.iterator().next().toString(), "-C", folder.toString(), "--strip-components=1");
        }
        return List.of(folder.resolve("weft").toString(), "agent");
    }

    private static void run(String... command) throws IOException {
        try {
            int status = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IllegalStateException(String.join(" ", command) + " ended with " + status);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", stop);
        }
    }

    private static void print(
            String what, List<Variant> variants, java.util.function.Function<Variant, Series> series) {
        System.out.println(Series.header(what));
        variants.forEach(variant -> System.out.println(series.apply(variant).row()));
        System.out.println();
    }

    /// What all the measured agents find on record.
    private void makeNetwork(Variant variant) {
        var agent = start(variant.command());
        try (var client = new HttpClient(host.pluginSocket())) {
            awaitActivation(client);
            call(client, "CreateNetwork", """
                    {"NetworkID":"%s","Options":{"com.docker.network.internal":true,"com.docker.network.generic":{}},\
                    "IPv4Data":[{"AddressSpace":"LocalDefault","Gateway":"10.1.0.1/16","Pool":"10.1.0.0/16"}],\
                    "IPv6Data":[]}""".formatted(NETWORK));
        }
        stop(agent);
    }

    private void measure(Variant variant) {
        long start = System.nanoTime();
        var agent = start(variant.command());
        try (var client = new HttpClient(host.pluginSocket())) {
            awaitActivation(client);
            variant.activate().add((System.nanoTime() - start) / 1e6);
            createEndpoint(client, newEndpoint());
            variant.endpoint().add((System.nanoTime() - start) / 1e6);
            Thread.sleep(IDLE);
            variant.memory().add(residentBytes(agent) / 1e6);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", stop);
        } finally {
            stop(agent);
        }
    }

    private Process start(List<String> command) {
        return host.start(command.toArray(String[]::new));
    }

    private static void awaitActivation(HttpClient client) {
        long end = System.nanoTime() + ANSWER.toNanos();
        while (System.nanoTime() < end) {
            try {
                client.request("POST", "/Plugin.Activate", "", ANSWER);
                return;
            } catch (IOException notYet) {
                pause();
            }
        }
        throw new IllegalStateException("the agent did not answer within " + ANSWER.toSeconds() + " s");
    }

    private static void pause() {
        try {
            Thread.sleep(2);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", stop);
        }
    }

    private String newEndpoint() {
        byte[] id = new byte[32];
        random.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }

    /// Each with an address of its own: the agents of all rounds share what is on record.
    private void createEndpoint(HttpClient client, String endpoint) {
        endpoints++;
        call(client, "CreateEndpoint", """
                {"NetworkID":"%s","EndpointID":"%s","Interface":{"Address":"10.1.%d.%d/16","AddressIPv6":"",\
                "MacAddress":""},"Options":{}}""".formatted(NETWORK, endpoint, 1 + endpoints / 250, 1 + endpoints % 250));
    }

    private static void call(HttpClient client, String method, String body) {
        try {
            var reply = client.request("POST", "/NetworkDriver." + method, body, ANSWER);
            if (reply.status() != 200 || reply.body().contains("\"Err\"")) {
                throw new IllegalStateException(method + " was answered with " + reply.body());
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static double residentBytes(Process agent) {
        try {
            var java = agent.descendants()
                    .filter(process -> process.info().command().orElse("").endsWith("/java"))
                    .findFirst()
                    .orElse(agent.toHandle());
            return Files.readAllLines(Path.of("/proc", Long.toString(java.pid()), "status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToDouble(line -> 1024.0 * Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void stop(Process agent) {
        var java = agent.descendants()
                .filter(process -> process.info().command().orElse("").endsWith("/java"))
                .findFirst();
        java.ifPresentOrElse(ProcessHandle::destroy, agent::destroy);
        agent.onExit().join();
    }
}
