package dev.weft.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.engine.ContainerDetails.RestartPolicy;
import dev.weft.engine.EngineInfo.SwarmNode;
import dev.weft.engine.NetworkDetails.Attached;
import dev.weft.http.HttpServer;
import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.inet.Subnet;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What real engines answer becomes the right records; the version of the API is that of the engine.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class RecordedAnswersTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Ipam FULL_IPAM = new Ipam(
            "default",
            Map.of("color", "green"),
            List.of(
                    new Ipam.Pool(
                            Subnet.parse("10.50.0.0/24"),
                            Subnet.parse("10.50.0.128/25"),
                            InetAddress.ofLiteral("10.50.0.1"),
                            Map.of("router", InetAddress.ofLiteral("10.50.0.2"))),
                    new Ipam.Pool(Subnet.parse("fd50::/64"), null, null, Map.of())));

    @TempDir
    private Path folder;

    private <T> T ask(Recording engine, Function<EngineApi, T> question) throws Exception {
        var socket = folder.resolve("docker.sock");
        try (var _ = HttpServer.listen(socket, engine);
                var api = new EngineApi(socket, LONG)) {
            return question.apply(api);
        }
    }

    private Optional<NetworkDetails> network(Recording engine, String name) throws Exception {
        return ask(engine, api -> api.network(name));
    }

    private Optional<ContainerDetails> container(Recording engine, String name) throws Exception {
        return ask(engine, api -> api.container(name));
    }

    private boolean start(Recording engine, String name) throws Exception {
        return ask(engine, api -> api.start(name, LONG));
    }

    private static Network full(Recording engine) {
        return new Network(
                engine.fullId,
                "full",
                "bridge",
                "local",
                true,
                true,
                FULL_IPAM,
                Map.of("com.docker.network.driver.mtu", "1400"),
                Map.of("owner", "me"));
    }

    @ParameterizedTest
    @EnumSource
    void who_the_engine_is(Recording engine) throws Exception {
        assertThat(ask(engine, EngineApi::info))
                .isEqualTo(new EngineInfo(
                        engine.engineId, "h1", engine.engineVersion, false, new SwarmNode("inactive", "", false)));
    }

    @ParameterizedTest
    @EnumSource
    void networks(Recording engine) throws Exception {
        var networks =
                ask(engine, EngineApi::networks).stream().collect(Collectors.toMap(Network::name, Function.identity()));
        assertThat(networks.get("full")).isEqualTo(full(engine));
        assertThat(networks.get("none").ipam()).isEqualTo(Ipam.DEFAULT);
        assertThat(networks.get("none").driver()).isEqualTo("null");
        assertThat(networks.get("plain").internal()).isFalse();
        assertThat(networks.get("plain").ipam().pools())
                .containsExactly(new Ipam.Pool(
                        Subnet.parse("172.18.0.0/16"), null, InetAddress.ofLiteral("172.18.0.1"), Map.of()));
    }

    @Test
    void a_subnet_with_host_bits_as_old_engines_take_it_is_the_subnet() throws Exception {
        assertThat(ask(Recording.V20_10, EngineApi::networks))
                .filteredOn(network -> network.name().equals("hostbits"))
                .extracting(network -> network.ipam().pools())
                .containsExactly(List.of(new Ipam.Pool(Subnet.parse("10.51.3.0/24"), null, null, Map.of())));
    }

    @ParameterizedTest
    @EnumSource
    void a_network_and_its_endpoints(Recording engine) throws Exception {
        assertThat(network(engine, "full"))
                .contains(new NetworkDetails(
                        full(engine),
                        List.of(new Attached(
                                engine.webInFull,
                                engine.webId,
                                "web",
                                Cidr.parse("10.50.0.130/24"),
                                Cidr.parse("fd50::2/64"),
                                MacAddress.parse(engine.webMac)))));
        assertThat(network(engine, "nowhere")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void containers(Recording engine) throws Exception {
        var containers = ask(engine, EngineApi::containers).stream()
                .collect(Collectors.toMap(container -> container.names().getFirst(), Function.identity()));
        assertThat(containers).containsOnlyKeys("web", "idle", "failed", "broken");
        assertThat(containers.get("web")).satisfies(web -> {
            assertThat(web.id()).isEqualTo(engine.webId);
            assertThat(web.state()).isEqualTo("running");
            assertThat(web.status()).startsWith("Up ");
            assertThat(web.labels()).isEqualTo(Map.of("role", "web"));
            assertThat(web.networks()).containsOnlyKeys("full", "plain");
            assertThat(web.networks().get("full"))
                    .isEqualTo(new Attachment(
                            engine.fullId,
                            engine.webInFull,
                            InetAddress.ofLiteral("10.50.0.130"),
                            InetAddress.ofLiteral("fd50::2"),
                            MacAddress.parse(engine.webMac),
                            List.of(),
                            Map.of()));
        });
        assertThat(containers.get("failed").state()).isEqualTo("exited");
        assertThat(containers.get("failed").status()).startsWith("Exited (3) ");
        assertThat(containers.get("idle").state()).isEqualTo("created");
        assertThat(containers.get("idle").networks())
                .isEqualTo(Map.of("plain", new Attachment(null, null, null, null, null, List.of(), Map.of())));
    }

    @ParameterizedTest
    @EnumSource
    void a_container_that_runs(Recording engine) throws Exception {
        assertThat(container(engine, "web")).hasValueSatisfying(web -> {
            assertThat(web.name()).isEqualTo("web");
            assertThat(web.state()).isEqualTo("running");
            assertThat(web.exitCode()).isZero();
            assertThat(web.sandbox()).matches("/var/run/docker/netns/[0-9a-f]{12}");
            assertThat(web.error()).isEmpty();
            assertThat(web.finishedAt()).isNull();
            assertThat(web.restartPolicy()).isEqualTo(new RestartPolicy("on-failure", 5));
            assertThat(web.labels()).isEqualTo(Map.of("role", "web"));
            assertThat(web.networks().get("full").aliases()).contains("www");
            assertThat(web.networks().get("full").endpointId()).isEqualTo(engine.webInFull);
        });
        assertThat(container(engine, "nowhere")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void containers_that_do_not_run_and_why(Recording engine) throws Exception {
        assertThat(container(engine, "failed")).hasValueSatisfying(failed -> {
            assertThat(failed.state()).isEqualTo("exited");
            assertThat(failed.exitCode()).isEqualTo(3);
            assertThat(failed.restartPolicy()).isEqualTo(new RestartPolicy("no", 0));
        });
        assertThat(container(engine, "broken")).hasValueSatisfying(broken -> {
            assertThat(broken.state()).isEqualTo("created");
            assertThat(broken.exitCode()).isEqualTo(127);
            assertThat(broken.error()).contains("exec: \"/nowhere\": stat /nowhere: no such file or directory");
            assertThat(broken.startedAt()).isNull();
            assertThat(broken.finishedAt()).isNull();
        });
        assertThat(container(engine, "idle"))
                .map(ContainerDetails::restartPolicy)
                .contains(new RestartPolicy("unless-stopped", 0));
    }

    @Test
    void times_are_read_to_the_nanosecond() throws Exception {
        assertThat(container(Recording.V28_5, "failed")).hasValueSatisfying(failed -> {
            assertThat(failed.startedAt()).isEqualTo(Instant.parse("2026-11-25T03:43:24.492596451Z"));
            assertThat(failed.finishedAt()).isEqualTo(Instant.parse("2026-11-25T03:43:24.787241365Z"));
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_network_is_created(Recording engine) throws Exception {
        var spec = new NetworkSpec("made", "bridge", true, true, FULL_IPAM, Map.of("o", "1"), Map.of("l", "2"));
        var id = ask(engine, api -> api.createNetwork(spec));
        assertThat(id).isEqualTo(engine.madeId);
        assertThat(engine.sent())
                .isEqualTo("{\"Name\":\"made\",\"CheckDuplicate\":true,\"Driver\":\"bridge\",\"Internal\":true,"
                        + "\"EnableIPv6\":true,\"IPAM\":{\"Driver\":\"default\",\"Options\":{\"color\":\"green\"},"
                        + "\"Config\":[{\"Subnet\":\"10.50.0.0/24\",\"IPRange\":\"10.50.0.128/25\","
                        + "\"Gateway\":\"10.50.0.1\",\"AuxiliaryAddresses\":{\"router\":\"10.50.0.2\"}},"
                        + "{\"Subnet\":\"fd50::/64\",\"AuxiliaryAddresses\":{}}]},"
                        + "\"Options\":{\"o\":\"1\"},\"Labels\":{\"l\":\"2\"}}");
    }

    private static NetworkSpec spec(String name, String driver) {
        return new NetworkSpec(name, driver, false, false, Ipam.DEFAULT, Map.of(), Map.of());
    }

    @ParameterizedTest
    @EnumSource
    void a_refusal_has_the_engines_words_and_the_status(Recording engine) {
        assertThatThrownBy(() -> ask(engine, api -> api.createNetwork(spec("twice", "bridge"))))
                .isInstanceOfSatisfying(EngineException.class, refusal -> {
                    assertThat(refusal.status()).isEqualTo(OptionalInt.of(409));
                    assertThat(refusal.words()).isEqualTo("network with name made already exists");
                })
                .hasMessage("cannot create network 'twice': the engine refuses with status 409: "
                        + "network with name made already exists");
        assertThatThrownBy(() -> ask(engine, api -> api.createNetwork(spec("made", "nodriver"))))
                .hasMessage("cannot create network 'made': the engine refuses with status 404: "
                        + "plugin \"nodriver\" not found");
    }

    @ParameterizedTest
    @EnumSource
    void a_container_is_started_once(Recording engine) throws Exception {
        assertThat(start(engine, "idle")).isTrue();
        assertThat(start(engine, "web")).isFalse();
        assertThatThrownBy(() -> ask(engine, api -> api.start("nowhere", LONG)))
                .hasMessage("cannot start container 'nowhere': the engine refuses with status 404: "
                        + "No such container: nowhere");
        assertThatThrownBy(() -> ask(engine, api -> api.start("broken", LONG)))
                .hasMessageStartingWith("cannot start container 'broken': the engine refuses with status 400: ")
                .hasMessageContaining("exec: \"/nowhere\": stat /nowhere: no such file or directory");
    }

    @ParameterizedTest
    @EnumSource
    void events_come_one_by_one_and_end_with_the_engine(Recording engine) throws Exception {
        var heard = ask(engine, api -> {
            var all = new ArrayList<EngineEvent>();
            try (var events = api.events()) {
                assertThatThrownBy(() -> {
                            while (true) {
                                all.add(events.next());
                            }
                        })
                        .isInstanceOf(EngineException.class)
                        .hasMessageMatching("cannot follow the engine's events on .*/docker.sock any longer: "
                                + "the engine ended its answer. Look whether Docker Engine runs.");
            }
            return all;
        });
        assertThat(heard)
                .contains(
                        new EngineEvent("network", "create", engine.fullId, Map.of("name", "full", "type", "bridge")),
                        new EngineEvent(
                                "container",
                                "create",
                                engine.webId,
                                Map.of("image", "busybox", "name", "web", "role", "web")),
                        new EngineEvent(
                                "network",
                                "connect",
                                engine.fullId,
                                Map.of("container", engine.webId, "name", "full", "type", "bridge")))
                .last()
                .satisfies(last -> assertThat(
                                last.action() + " " + last.attributes().get("name"))
                        .isEqualTo("destroy gone"));
    }
}
