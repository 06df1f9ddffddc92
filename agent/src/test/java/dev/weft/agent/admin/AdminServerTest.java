package dev.weft.agent.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.agent.cli.Commands;
import dev.weft.agent.config.Configuration;
import dev.weft.agent.doctor.Patient;
import dev.weft.agent.upkeep.Reconciler;
import dev.weft.drivers.AddressClaims;
import dev.weft.drivers.WeftDriver;
import dev.weft.drivers.neighbors.Neighbors;
import dev.weft.drivers.plan.Fabric;
import dev.weft.drivers.plan.RecordingKernel;
import dev.weft.http.HttpClient;
import dev.weft.http.HttpRequest;
import dev.weft.http.HttpResponse;
import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.inet.Subnet;
import dev.weft.ipam.OwnBlocks;
import dev.weft.ipam.WeftIpam;
import dev.weft.json.JsonObject;
import dev.weft.netlink.Netlink;
import dev.weft.netlink.NetworkNamespace;
import dev.weft.state.AddressRecord;
import dev.weft.state.EndpointRecord;
import dev.weft.state.NetworkRecord;
import dev.weft.state.NetworkSubnet;
import dev.weft.state.PoolRecord;
import dev.weft.state.Registry;
import dev.weft.state.StateException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Asked as anybody asks it who speaks HTTP: these are the fields that scripts rely on.
@Tag("kernel")
@DisplayNameGeneration(ReplaceUnderscores.class)
class AdminServerTest {
    private static final String NETWORK = "0123456789abcdef";
    private static final String ENDPOINT = "fedcba9876543210";
    private static final String POOL = "weft-local/10.9.0.0/24";
    private static final String WEB =
            "{\"id\":\"fedcba9876543210\",\"container\":\"web\",\"network_id\":\"0123456789abcdef\","
                    + "\"network\":\"mynet\",\"ipv4\":\"10.9.0.2/24\",\"ipv6\":null,\"mac\":\"02:42:0a:09:00:02\",\"joined\":true,"
                    + "\"port\":\"veth-fedcba9876\",\"sandbox\":\"/nowhere\",\"interface\":null,\"options\":{}}";

    @TempDir
    Path folder;

    private final String fabricName = "weft-test-" + ProcessHandle.current().pid() + "-admin";
    private AdminServer server;
    private HttpClient client;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(
                "root".equals(System.getProperty("user.name")), "making network namespaces needs root; run with sudo");
        var options = Configuration.read(
                        folder.resolve("none"),
                        Map.of(),
                        Map.of("--admin-socket", socket().toString(), "--state", state().toString()))
                .configuration();
        server = AdminServer.start(new AgentProcess("1.2.3", Instant.now(), false, options));
        client = new HttpClient(socket());
    }

    private Path socket() {
        return folder.resolve("admin.sock");
    }

    private Path state() {
        return folder.resolve("state");
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
        NetworkNamespace.unpin(fabricName);
        Files.deleteIfExists(Path.of("/run/weft", "fabric-" + fabricName + ".lock"));
    }

    private HttpResponse ask(String method, String path, String body) throws IOException {
        return client.request(method, path, body, Duration.ofMinutes(1));
    }

    private String get(String path) throws IOException {
        var answer = ask("GET", path, "");
        assertThat(answer.contentType()).isEqualTo("application/json");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private void refused(int status, String sentence, String method, String path, String body) throws IOException {
        assertThat(ask(method, path, body))
                .isEqualTo(new HttpResponse(status, "application/json", "{\"error\":\"" + sentence + "\"}\n"));
    }

    @FunctionalInterface
    private interface Questions {
        void ask(Registry registry) throws IOException;
    }

    /// With a network, a container in it, and the kernel of nobody.
    private void working(Questions questions) throws IOException {
        try (var registry = Registry.open(state());
                var namespace = NetworkNamespace.current();
                var host = Netlink.open(namespace);
                var fabric = Fabric.open(fabricName)) {
            fill(registry);
            var driver = new WeftDriver(
                    registry,
                    new RecordingKernel(),
                    WeftDriver.modes(host, registry),
                    Neighbors.NONE,
                    AddressClaims.NONE,
                    new Random(42),
                    InstantSource.system());
            var ipam = new WeftIpam(registry, List.of(), List.of(), List::of, OwnBlocks.NONE, network -> false);
            try (var reconciler = Reconciler.start(driver, fabric, Duration.ofHours(1), InstantSource.system())) {
                reconciler.compareNow();
                server.open(new Patient(
                        "1.2.3",
                        fabricName,
                        state(),
                        List.of(socket()),
                        registry,
                        ipam,
                        driver,
                        reconciler,
                        null,
                        null,
                        fabric,
                        host));
                questions.ask(registry);
            }
        }
    }

    private static void fill(Registry registry) {
        var subnet = Subnet.parse("10.9.0.0/24");
        registry.put(new NetworkRecord(
                NETWORK,
                "mynet",
                "vxlan",
                576,
                true,
                List.of(new NetworkSubnet(subnet, Cidr.parse("10.9.0.1/24"), "weft-local")),
                Map.of("mode", "vxlan")));
        registry.put(new PoolRecord("weft-local", subnet, subnet, NETWORK, Map.of()));
        registry.put(new AddressRecord(POOL, InetAddress.ofLiteral("10.9.0.1"), AddressRecord.Purpose.GATEWAY, 1));
        registry.put(new AddressRecord(POOL, InetAddress.ofLiteral("10.9.0.2"), AddressRecord.Purpose.CHOSEN, 1));
        registry.put(new EndpointRecord(
                        ENDPOINT,
                        NETWORK,
                        Cidr.parse("10.9.0.2/24"),
                        null,
                        MacAddress.parse("02:42:0a:09:00:02"),
                        Map.of())
                .of("web")
                .joinedTo("/nowhere"));
    }

    @Test
    void its_socket_is_its_owners_alone() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
                .isEqualTo("rw-------");
    }

    @Test
    void an_agent_that_starts_says_so() throws IOException {
        assertThat(get("/v1/status")).contains("\"version\":\"1.2.3\"", "\"state\":\"starting\"");
    }

    @Test
    void a_state_that_can_not_be_written_to_any_more_is_a_problem() throws IOException {
        working(registry -> {
            assertThat(get("/v1/status")).contains("\"problems\":[]");
            registry.watch(_ -> {
                throw new OutOfMemoryError("of the test");
            });
            assertThatThrownBy(() -> registry.put(new PoolRecord(
                            "weft-local", Subnet.parse("10.8.0.0/24"), Subnet.parse("10.8.0.0/24"), null, Map.of())))
                    .isInstanceOf(StateException.class);
            assertThat(get("/v1/status"))
                    .contains("\"problems\":[\"nothing can be written to " + state() + "/weft.db any more, since this"
                            + " happened: java.lang.OutOfMemoryError: of the test. Restart the agent.\"]");
        });
    }

    @Test
    void a_command_that_comes_early_waits_until_the_agent_works_or_cannot() throws Exception {
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var early = callers.submit(() -> ask("GET", "/v1/networks", ""));
            server.shut("the Weft agent cannot work: x.");
            assertThat(early.get().body()).isEqualTo("{\"error\":\"the Weft agent cannot work: x.\"}\n");
        }
    }

    @Test
    void a_start_that_takes_too_long_is_told() {
        var options =
                Configuration.read(folder.resolve("none"), Map.of(), Map.of()).configuration();
        var api = new AdminApi(new AgentProcess("1", Instant.now(), false, options), Duration.ZERO);
        assertThatThrownBy(() -> api.answer(new HttpRequest("GET", "/v1/networks", "")))
                .hasMessage("the Weft agent is still starting; try again, and look at its log if this goes on.");
    }

    @Test
    void an_agent_that_cannot_work_says_why_whatever_it_is_asked() throws IOException {
        server.shut("the Weft agent cannot work: x.");
        assertThat(get("/v1/status")).contains("\"state\":\"unable\",\"reason\":\"the Weft agent cannot work: x.\"");
        refused(503, "the Weft agent cannot work: x.", "GET", "/v1/doctor", "");
        refused(503, "the Weft agent cannot work: x.", "POST", "/v1/reconcile", "");
    }

    @Test
    void the_status_of_an_agent_that_works() throws IOException {
        working(registry -> assertThat(get("/v1/status"))
                .contains(
                        "\"pid\":" + ProcessHandle.current().pid() + ",",
                        "\"state\":\"working\",",
                        "\"plugin_socket\":\"/run/docker/plugins/weft.sock\",\"admin_socket\":\"" + socket() + "\","
                                + "\"fabric\":\"weft\",\"state_folder\":\"" + state() + "\",\"state_bytes\":",
                        ",\"networks\":1,\"endpoints\":1,\"pools\":1,\"comparison\":{\"at\":\"",
                        "\"problems\":[]}")
                .doesNotContain("\"engine\""));
    }

    @Test
    void networks_and_endpoints() throws IOException {
        working(registry -> {
            assertThat(get("/v1/networks"))
                    .isEqualTo(
                            "{\"networks\":[{\"id\":\"0123456789abcdef\",\"name\":\"mynet\",\"mode\":\"vxlan\",\"mtu\":576,"
                                    + "\"internal\":true,\"subnets\":[\"10.9.0.0/24\"],\"endpoints\":1}]}\n");
            var network =
                    "{\"id\":\"0123456789abcdef\",\"name\":\"mynet\",\"mode\":\"vxlan\",\"mtu\":576,\"internal\":true,"
                            + "\"subnets\":[{\"subnet\":\"10.9.0.0/24\",\"gateway\":\"10.9.0.1/24\",\"pool\":\"" + POOL
                            + "\"}],"
                            + "\"options\":{\"mode\":\"vxlan\"},\"bridge\":\"br-0123456789ab\",\"parent\":null,\"endpoints\":["
                            + WEB
                            + "],\"cluster\":null}\n";
            assertThat(get("/v1/networks/mynet")).isEqualTo(network);
            assertThat(get("/v1/networks/0123")).isEqualTo(network);
            assertThat(get("/v1/endpoints")).isEqualTo("{\"endpoints\":[" + WEB + "]}\n");
            assertThat(get("/v1/endpoints/web")).isEqualTo("{\"endpoints\":[" + WEB + "]}\n");
            assertThat(get("/v1/endpoints/fedc")).isEqualTo("{\"endpoints\":[" + WEB + "]}\n");
        });
    }

    @Test
    void what_is_not_there_or_not_clear_is_refused() throws IOException {
        working(registry -> {
            refused(404, "there is no network 'a b' here; see 'weft network ls'.", "GET", "/v1/networks/a%20b", "");
            refused(
                    404,
                    "there is no endpoint 'x' here, and no container of that name in a network of Weft's; see 'weft"
                            + " endpoint ls'.",
                    "GET",
                    "/v1/endpoints/x",
                    "");
            registry.put(new NetworkRecord("0123ff", "mynet", "vxlan", 576, true, List.of(), Map.of()));
            refused(
                    404,
                    "'mynet' are 2 networks; give the whole id of one, see 'weft network ls --json'.",
                    "GET",
                    "/v1/networks/mynet",
                    "");
            refused(
                    404,
                    "this agent does not know GET '/v2/x'; use the 'weft' that it was installed with.",
                    "GET",
                    "/v2/x",
                    "");
            refused(
                    409,
                    "there is no engine to adopt: docker.socket is empty, so Weft never talks to one.",
                    "POST",
                    "/v1/engine/adopt",
                    "");
        });
    }

    @Test
    void pools() throws IOException {
        working(registry -> assertThat(get("/v1/pools"))
                .isEqualTo("{\"pools\":[{\"id\":\"" + POOL + "\",\"space\":\"weft-local\",\"subnet\":\"10.9.0.0/24\","
                        + "\"range\":\"10.9.0.0/24\",\"network_id\":\"0123456789abcdef\",\"network\":\"mynet\",\"size\":254,"
                        + "\"given\":2,\"free\":252,\"free_percent\":99,\"gateway\":\"10.9.0.1\"}]}\n"));
    }

    @Test
    void a_comparison_is_made_when_it_is_asked_for() throws IOException {
        working(registry -> {
            assertThat(ask("POST", "/v1/reconcile", "").body())
                    .matches("\\{\"networks\":1,\"endpoints\":1,\"took_ms\":\\d+,\"repairs\":\\[],\"removed\":\\[],"
                            + "\"problems\":\\[]}\n");
            registry.put(new NetworkRecord("ffff", "new", "vxlan", 576, true, List.of(), Map.of()));
            assertThat(ask("POST", "/v1/reconcile", "").body())
                    .contains("\"repairs\":[\"ip link add br-ffff up mtu 576 alias 'weft network ffff' type bridge"
                            + " mcast_snooping 0\"]");
        });
    }

    @Test
    void a_command_of_another_version_is_a_finding() throws IOException {
        working(registry -> {
            assertThat(get("/v1/doctor?client=1.2.3")).doesNotContain("cli-version");
            assertThat(get("/v1/doctor?client=1.2.4"))
                    .contains(
                            "{\"code\":\"cli-version\",\"severity\":\"warning\",\"subject\":\"\",\"sentence\":\"the agent is"
                                    + " Weft 1.2.3, and this command is Weft 1.2.4. ");
        });
    }

    @Test
    void the_state_is_checked_and_copied() throws IOException {
        working(registry -> {
            assertThat(ask("POST", "/v1/state/check", "").body())
                    .isEqualTo("{\"file\":\"" + state().resolve("weft.db")
                            + "\",\"sound\":true,\"records\":{\"network\":1,"
                            + "\"endpoint\":1,\"pool\":1,\"address\":2,\"engine\":0,\"tombstone\":0}}\n");
            var first = backup();
            assertThat(first).exists();
            var second = backup();
            assertThat(second).exists().isNotEqualTo(first);
            assertThat(first).as("nobody took it").doesNotExist();
        });
    }

    private Path backup() throws IOException {
        var made = ask("POST", "/v1/state/backup", "").body();
        var file = Path.of(JsonObject.parse("the answer", made).string("file"));
        assertThat(file.getParent()).isEqualTo(socket().getParent());
        assertThat(made).isEqualTo("{\"file\":\"" + file + "\",\"bytes\":" + Files.size(file) + "}\n");
        return file;
    }

    @Test
    void the_command_takes_the_copy_away() throws IOException {
        working(registry -> {
            var copy = folder.resolve("copy.db");
            var command = List.of("state", "backup", copy.toString(), "--admin-socket", socket().toString());
            assertThat(Commands.run("weft 1.2.3", command.toArray(String[]::new)))
                    .isZero();
            assertThat(copy).exists();
            assertThat(Files.getPosixFilePermissions(copy)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThat(socket().getParent().toFile().list()).noneMatch(name -> name.contains(".leaving-"));
            assertThat(Commands.run("weft 1.2.3", command.toArray(String[]::new)))
                    .isEqualTo(1);
            var nowhere = folder.resolve("none/copy.db").toString();
            assertThat(Commands.run("weft 1.2.3", "state", "backup", nowhere, "--admin-socket", socket().toString()))
                    .isEqualTo(1);
            assertThat(socket().getParent().toFile().list()).noneMatch(name -> name.contains(".leaving-"));
        });
    }

    @Test
    void a_socket_that_is_served_is_not_taken() {
        var options = Configuration.read(
                        folder.resolve("none"), Map.of(), Map.of("--admin-socket", socket().toString()))
                .configuration();
        assertThatThrownBy(() -> AdminServer.start(new AgentProcess("1", Instant.now(), false, options)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("another process is serving it.");
    }
}
