package dev.weft.agent.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.engine.EngineApi;
import dev.weft.inet.Subnet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class GatewayBridgeTest {
    private static final String CREATE = "POST /networks/create";

    @TempDir
    private Path folder;

    @AutoClose
    private ScriptedEngine engine;

    @AutoClose
    private EngineApi api;

    @BeforeEach
    void startEngine() throws IOException {
        var socket = folder.resolve("docker.sock");
        engine = new ScriptedEngine(socket);
        api = new EngineApi(socket);
        engine.has(CREATE, "{\"Id\":\"n9\"}");
    }

    private GatewayBridge with(String... subnets) {
        var routes = List.of(Subnet.parse("10.0.0.0/8"));
        return new GatewayBridge(api, Stream.of(subnets).map(Subnet::parse).toList(), () -> routes, "weft");
    }

    private Optional<String> ensure(GatewayBridge bridge) {
        return bridge.ensure(EngineView.of(api));
    }

    @Test
    void it_is_made_once_as_engines_make_it_with_the_subnets_that_are_configured() {
        var bridge = with("172.31.0.0/16", "fd00:5::/64");
        assertThat(ensure(bridge)).isEmpty();
        assertThat(ensure(bridge)).isEmpty();
        assertThat(engine.posts()).containsExactly(CREATE);
        assertThat(engine.bodies().getFirst())
                .contains(
                        "\"Name\":\"docker_gwbridge\"",
                        "\"Driver\":\"bridge\"",
                        "\"EnableIPv6\":true",
                        "\"Subnet\":\"172.31.0.0/16\"",
                        "\"Subnet\":\"fd00:5::/64\"",
                        "\"com.docker.network.bridge.name\":\"docker_gwbridge\"",
                        "\"com.docker.network.bridge.enable_icc\":\"false\"",
                        "\"com.docker.network.bridge.enable_ip_masquerade\":\"true\"");
    }

    @Test
    void without_IPv6_subnet_it_has_none() {
        ensure(with("172.31.0.0/16"));
        assertThat(engine.bodies().getFirst()).contains("\"EnableIPv6\":false");
    }

    @Test
    void where_nothing_is_configured_it_is_the_engines() {
        assertThat(ensure(with())).isEmpty();
        assertThat(engine.posts()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"docker_gwbridge, bridge", "mynet, weft"})
    void where_it_is_there_or_the_engine_may_be_making_it_nothing_is_done(String name, String driver) {
        engine.hasNetwork(name, driver);
        assertThat(ensure(with("172.31.0.0/16"))).isEmpty();
        assertThat(engine.posts()).isEmpty();
    }

    @Test
    void a_subnet_that_the_host_has_a_route_to_is_refused_in_words() {
        assertThat(ensure(with("172.31.0.0/16", "10.7.0.0/16")))
                .hasValue("cannot make network docker_gwbridge: its subnet 10.7.0.0/16 overlaps a route of this host."
                        + " Name another in docker.gateway_bridge_pools.");
        assertThat(engine.posts()).isEmpty();
    }

    @Test
    void an_engine_that_makes_it_in_that_moment_is_right_too() {
        engine.refuses(CREATE, 409, "network with name docker_gwbridge already exists");
        assertThat(ensure(with("172.31.0.0/16"))).isEmpty();
    }

    @Test
    void a_refusal_is_told_in_the_engines_words() {
        engine.refuses(CREATE, 403, "pool overlaps with other one");
        assertThat(ensure(with("172.31.0.0/16")).orElseThrow())
                .startsWith("cannot make network docker_gwbridge: ")
                .contains("pool overlaps with other one");
    }
}
