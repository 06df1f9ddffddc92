package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.engine.Attachment;
import dev.weft.engine.Container;
import dev.weft.engine.EngineApi;
import dev.weft.engine.EngineEvent;
import dev.weft.engine.EngineException;
import dev.weft.engine.EngineListener;
import dev.weft.engine.EngineWatch;
import dev.weft.engine.Ipam;
import dev.weft.engine.Network;
import dev.weft.engine.NetworkDetails.Attached;
import dev.weft.engine.NetworkSpec;
import dev.weft.inet.Cidr;
import dev.weft.inet.Subnet;
import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What engines tell of themselves, asked over their API.
@Tag("system")
@DockerHosts(1)
@DisplayNameGeneration(ReplaceUnderscores.class)
class S700EngineApiTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    /// Keeps what it is told, as `connected`, `lost`, `network create mynet`.
    private static final class Notes implements EngineListener {
        private final List<String> told = new CopyOnWriteArrayList<>();

        @Override
        public void connected() {
            told.add("connected");
        }

        @Override
        public void happened(EngineEvent event) {
            told.add(event.type() + " " + event.action() + " "
                    + event.attributes().get("name"));
        }

        @Override
        public void lost(EngineException reason) {
            told.add("lost");
        }

        void await(String note) {
            Eventually.isTrue("told of " + note + ", but only " + told, () -> told.contains(note));
        }
    }

    @Test
    void networks_and_containers_are_listed(Host host) {
        checkLists(host);
    }

    @Test
    @DockerHosts(engine = "20.10")
    void by_engine_20_10_too_and_networks_created_and_events_heard(Host host) {
        checkLists(host);
        checkCreation(host);
        checkRestarts(host);
    }

    @Test
    void a_network_is_created(Host host) {
        checkCreation(host);
    }

    @Test
    void events_are_heard_also_after_the_engine_was_restarted_and_killed(Host host) {
        checkRestarts(host);
    }

    private static void checkLists(Host host) {
        host.docker("network", "create", "--internal", "--subnet", "10.50.0.0/24", "--label", "a=b", "mynet")
                .ok();
        new Containers(host).run("one", "mynet", "--ip", "10.50.0.7", "--network-alias", "www", "--restart", "always");
        host.docker("create", "--name", "idle", "--network", "mynet", "busybox", "top")
                .ok();
        try (var api = new EngineApi(host.dockerSocket(), LONG)) {
            assertThat(api.info().name()).isEqualTo("h1");
            assertThat(api.networks()).extracting(Network::name).contains("bridge", "host", "none", "mynet");
            var mynet = api.network("mynet").orElseThrow();
            assertThat(mynet.network().internal()).isTrue();
            assertThat(mynet.network().labels()).isEqualTo(Map.of("a", "b"));
            assertThat(api.network(mynet.network().id())).contains(mynet);
            assertThat(mynet.endpoints()).extracting(Attached::ipv4).containsExactly(Cidr.parse("10.50.0.7/24"));
            var one = api.containers().stream()
                    .filter(container -> container.names().contains("one"))
                    .findFirst()
                    .orElseThrow();
            assertThat(one.networks().get("mynet"))
                    .extracting(Attachment::networkId, Attachment::endpointId)
                    .containsExactly(
                            mynet.network().id(), mynet.endpoints().getFirst().endpointId());
            var details = api.container(one.id()).orElseThrow();
            assertThat(details.restartPolicy().name()).isEqualTo("always");
            assertThat(details.networks().get("mynet").aliases()).contains("www");
            assertThat(details.networks().get("mynet").ipv4()).isEqualTo(InetAddress.ofLiteral("10.50.0.7"));
            assertThat(api.start("idle", LONG)).isTrue();
            assertThat(api.start("idle", LONG)).isFalse();
            assertThat(api.containers()).extracting(Container::state).containsExactly("running", "running");
            assertThat(api.network("nowhere")).isEmpty();
            assertThat(api.container("nowhere")).isEmpty();
        }
    }

    private static void checkCreation(Host host) {
        var pool = new Ipam.Pool(
                Subnet.parse("10.60.0.0/24"),
                Subnet.parse("10.60.0.128/25"),
                InetAddress.ofLiteral("10.60.0.9"),
                Map.of("router", InetAddress.ofLiteral("10.60.0.2")));
        var spec = new NetworkSpec(
                "made",
                "bridge",
                true,
                false,
                new Ipam("default", Map.of(), List.of(pool)),
                Map.of("com.docker.network.driver.mtu", "1400"),
                Map.of("a", "b"));
        try (var api = new EngineApi(host.dockerSocket(), LONG)) {
            var id = api.createNetwork(spec);
            assertThat(host.docker(
                                    "network",
                                    "inspect",
                                    "-f",
                                    "{{.Id}} {{.Internal}}{{range .IPAM.Config}} {{.Subnet}} {{.IPRange}} {{.Gateway}}{{end}}"
                                            + " {{.Options}} {{.Labels}}",
                                    "made")
                            .ok()
                            .text())
                    .isEqualTo(id + " true 10.60.0.0/24 10.60.0.128/25 10.60.0.9 "
                            + "map[com.docker.network.driver.mtu:1400] map[a:b]");
            assertThat(api.network(id).orElseThrow().network().ipam().pools()).containsExactly(pool);
        }
    }

    private static void checkRestarts(Host host) {
        var notes = new Notes();
        try (var api = new EngineApi(host.dockerSocket(), LONG);
                var _ = EngineWatch.start(api, notes)) {
            notes.await("connected");
            host.docker("network", "create", "net0").ok();
            notes.await("network create net0");
            new Containers(host).run("two", "net0");
            notes.await("container start two");
            notes.await("network connect net0");
            notes.told.clear();
            host.restartEngine();
            notes.await("lost");
            notes.await("connected");
            host.docker("rm", "-f", "two").ok();
            notes.await("container destroy two");
            notes.told.clear();
            host.killEngine();
            notes.await("lost");
            host.startEngine();
            notes.await("connected");
            host.docker("network", "rm", "net0").ok();
            notes.await("network destroy net0");
        }
    }
}
