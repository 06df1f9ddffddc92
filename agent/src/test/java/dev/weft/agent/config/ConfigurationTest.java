package dev.weft.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.weft.inet.Subnet;
import dev.weft.ipam.PoolRange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ConfigurationTest {
    private static final Configuration DEFAULTS = new Configuration(
            Path.of("/run/docker/plugins/weft.sock"),
            Path.of("/run/weft/admin.sock"),
            Path.of("/var/lib/weft"),
            "weft",
            LogLevel.INFO,
            Scope.LOCAL,
            Optional.of(Path.of("/run/docker.sock")),
            false,
            Duration.ofMinutes(2),
            List.of(Subnet.parse("10.224.0.0/16")),
            List.of(PoolRange.parse("10.192.0.0/12 by /24"), PoolRange.parse("fd77:6566:7400::/48 by /64")),
            List.of(PoolRange.parse("10.208.0.0/12 by /24"), PoolRange.parse("fd77:6566:7402::/48 by /64")),
            Duration.ofMinutes(1),
            Optional.empty());

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("weft.toml");
    }

    private Configuration right(Map<String, String> environment, Map<String, String> flags) {
        var outcome = Configuration.read(file, environment, flags);
        assertThat(outcome).isInstanceOf(Outcome.Valid.class);
        return outcome.configuration();
    }

    private Configuration right(String toml) throws IOException {
        Files.writeString(file, toml);
        return right(Map.of(), Map.of());
    }

    @Test
    void without_a_file_everything_is_where_engines_and_people_look_for_it() {
        assertThat(right(Map.of(), Map.of())).isEqualTo(DEFAULTS);
    }

    @Test
    void an_empty_file_says_nothing() throws IOException {
        assertThat(right("")).isEqualTo(DEFAULTS);
        assertThat(right("# nothing yet\n[agent]\n\n[docker]\n")).isEqualTo(DEFAULTS);
    }

    /// Each key: in the file, in the environment, and what then is different.
    static Stream<Arguments> keys() {
        return Stream.of(
                key("agent.socket", "'/a.sock'", "/a.sock", Configuration::socket, Path.of("/a.sock")),
                key("agent.admin_socket", "'/b.sock'", "/b.sock", Configuration::adminSocket, Path.of("/b.sock")),
                key("agent.state", "'/srv/w'", "/srv/w", Configuration::state, Path.of("/srv/w")),
                key("agent.fabric", "'weft-2'", "weft-2", Configuration::fabric, "weft-2"),
                key("agent.log_level", "'debug'", "debug", Configuration::logLevel, LogLevel.DEBUG),
                key("agent.scope", "'global'", "global", Configuration::scope, Scope.GLOBAL),
                key("docker.socket", "''", "", Configuration::dockerSocket, Optional.empty()),
                key("docker.start_missed_containers", "true", "true", Configuration::startMissedContainers, true),
                key("docker.collect_after", "'90s'", "90s", Configuration::collectAfter, Duration.ofSeconds(90)),
                key(
                        "docker.gateway_bridge_pools",
                        "['10.9.0.0/16', 'fd09::/64']",
                        "10.9.0.0/16, fd09::/64",
                        Configuration::gatewayBridgePools,
                        List.of(Subnet.parse("10.9.0.0/16"), Subnet.parse("fd09::/64"))),
                key(
                        "ipam.local_pools",
                        "['10.1.0.0/16 by /24', 'fd01::/32 by /64']",
                        "10.1.0.0/16 by /24, fd01::/32 by /64",
                        Configuration::localPools,
                        List.of(PoolRange.parse("10.1.0.0/16 by /24"), PoolRange.parse("fd01::/32 by /64"))),
                key(
                        "ipam.global_pools",
                        "['10.2.0.0/16 by /20']",
                        "10.2.0.0/16 by /20",
                        Configuration::globalPools,
                        List.of(PoolRange.parse("10.2.0.0/16 by /20"))),
                key("reconcile.interval", "'1h'", "1h", Configuration::reconcileInterval, Duration.ofHours(1)),
                ofCluster(
                        "store",
                        "['https://192.0.2.5:2379', 'https://[2001:db8::5]:2379']",
                        "https://192.0.2.5:2379, https://[2001:db8::5]:2379",
                        ClusterConfiguration::store,
                        List.of(URI.create("https://192.0.2.5:2379"), URI.create("https://[2001:db8::5]:2379"))),
                ofCluster("store_prefix", "'test'", "test", ClusterConfiguration::prefix, "test"),
                ofCluster("store_ca", "'/ca'", "/ca", ClusterConfiguration::authorities, Optional.of(Path.of("/ca"))),
                ofCluster(
                        "store_certificate",
                        "'/c'",
                        "/c",
                        ClusterConfiguration::certificate,
                        Optional.of(Path.of("/c"))),
                ofCluster("store_key", "'/k'", "/k", ClusterConfiguration::key, Optional.of(Path.of("/k"))),
                ofCluster("store_user", "'weft'", "weft", ClusterConfiguration::user, "weft"),
                ofCluster(
                        "store_password_file",
                        "'/p'",
                        "/p",
                        ClusterConfiguration::passwordFile,
                        Optional.of(Path.of("/p"))),
                ofCluster(
                        "advertise",
                        "['192.0.2.7', '2001:db8::7']",
                        "192.0.2.7, 2001:db8::7",
                        ClusterConfiguration::advertise,
                        List.of(InetAddress.ofLiteral("192.0.2.7"), InetAddress.ofLiteral("2001:db8::7"))),
                ofCluster("vxlan_port", "4790", "4790", ClusterConfiguration::vxlanPort, 4790));
    }

    private static Arguments ofCluster(
            String name, String toml, String variable, Function<ClusterConfiguration, Object> part, Object value) {
        return key(
                "cluster." + name,
                toml,
                variable,
                configuration -> configuration.cluster().map(part).orElse("alone"),
                value);
    }

    /// Without which some keys are of no use.
    private static String around(String key) {
        var others = new TreeMap<>(Map.of("cluster.store", "cluster.store = ['http://192.0.2.1:2379']\n"));
        switch (key) {
            case "cluster.store_certificate" -> others.put("cluster.store_key", "cluster.store_key = '/x'\n");
            case "cluster.store_key" -> others.put("c", "cluster.store_certificate = '/x'\n");
            case "cluster.store_user" -> others.put("p", "cluster.store_password_file = '/x'\n");
            case "cluster.store_password_file" -> others.put("u", "cluster.store_user = 'x'\n");
            default -> {}
        }
        others.remove(key);
        return key.startsWith("cluster.") ? String.join("", others.values()) : "";
    }

    private static Arguments key(
            String name, String toml, String variable, Function<Configuration, Object> part, Object value) {
        return arguments(name, toml, variable, part, value);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("keys")
    void each_key_of_the_file_changes_what_it_is_about(
            String key, String toml, String variable, Function<Configuration, Object> part, Object value)
            throws IOException {
        assertThat(part.apply(DEFAULTS)).isNotEqualTo(value);
        assertThat(part.apply(right(around(key) + key + " = " + toml))).isEqualTo(value);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("keys")
    void each_key_is_a_variable_too_which_goes_before_the_file(
            String key, String toml, String variable, Function<Configuration, Object> part, Object value)
            throws IOException {
        var name = "WEFT_" + key.toUpperCase(java.util.Locale.ROOT).replace('.', '_');
        Files.writeString(
                file, around(key) + "ipam.local_pools = ['172.16.0.0/16 by /24']\nreconcile.interval = '3s'\n");
        assertThat(part.apply(right(Map.of(name, variable), Map.of()))).isEqualTo(value);
    }

    @Test
    void every_key_is_in_the_two_tests_above() {
        assertThat(keys().map(row -> row.get()[0]))
                .containsExactlyElementsOf(Keys.ALL.stream().map(Key::name).toList());
    }

    @Test
    void what_is_written_stands_beside_the_defaults() throws IOException {
        assertThat(right("""
                [docker]
                start_missed_containers = true
                gateway_bridge_pools = ["172.31.0.0/24"] # IPv4 only
                """))
                .isEqualTo(new Configuration(
                        DEFAULTS.socket(),
                        DEFAULTS.adminSocket(),
                        DEFAULTS.state(),
                        DEFAULTS.fabric(),
                        DEFAULTS.logLevel(),
                        DEFAULTS.scope(),
                        DEFAULTS.dockerSocket(),
                        true,
                        DEFAULTS.collectAfter(),
                        List.of(Subnet.parse("172.31.0.0/24")),
                        DEFAULTS.localPools(),
                        DEFAULTS.globalPools(),
                        DEFAULTS.reconcileInterval(),
                        Optional.empty()));
    }

    @Test
    void flags_go_before_the_environment_and_that_before_the_file() throws IOException {
        Files.writeString(file, "agent.socket = '/file'\nagent.state = '/file'\nagent.fabric = 'file'\n");
        var environment = Map.of("WEFT_AGENT_SOCKET", "/variable", "WEFT_AGENT_STATE", "/variable");
        var told = right(environment, Map.of("--socket", "/flag"));
        assertThat(told.socket()).isEqualTo(Path.of("/flag"));
        assertThat(told.state()).isEqualTo(Path.of("/variable"));
        assertThat(told.fabric()).isEqualTo("file");
    }

    @Test
    void every_flag_is_used() {
        var told = right(Map.of(), Map.of("--socket", "/a", "--admin-socket", "/d", "--state", "/b", "--fabric", "c"));
        assertThat(told.socket()).isEqualTo(Path.of("/a"));
        assertThat(told.adminSocket()).isEqualTo(Path.of("/d"));
        assertThat(told.state()).isEqualTo(Path.of("/b"));
        assertThat(told.fabric()).isEqualTo("c");
        assertThat(Configuration.flags())
                .containsExactly("--admin-socket", "--config", "--fabric", "--socket", "--state");
    }

    @Test
    void another_file_is_read_instead_of_the_usual_one() throws IOException {
        Files.writeString(file, "agent.fabric = 'usual'\nagent.state = '/usual'\n");
        var second = Files.writeString(folder.resolve("second.toml"), "agent.fabric = 'second'\n");
        var third = Files.writeString(folder.resolve("third.toml"), "agent.fabric = 'third'\n");
        var environment = Map.of("WEFT_CONFIG", second.toString());
        assertThat(right(environment, Map.of()).fabric()).isEqualTo("second");
        assertThat(right(environment, Map.of()).state()).isEqualTo(Path.of("/var/lib/weft"));
        assertThat(right(environment, Map.of("--config", third.toString())).fabric())
                .isEqualTo("third");
    }

    @Test
    void variables_that_are_not_about_a_table_of_keys_are_left_alone() {
        assertThat(right(Map.of("WEFT_CACHE", "/x", "WEFTAGENT", "y", "DOCKER_SOCKET", "z"), Map.of()))
                .isEqualTo(DEFAULTS);
    }

    @Test
    void each_value_tells_where_it_comes_from() throws IOException {
        Files.writeString(file, "[agent]\n  fabric = 'x'\n");
        var outcome = Configuration.read(file, Map.of("WEFT_AGENT_LOG_LEVEL", "error"), Map.of("--state", "/s"));
        assertThat(((Outcome.Valid) outcome).settings())
                .extracting(setting -> setting.name() + " " + setting.plain() + " " + setting.origin())
                .startsWith(
                        "agent.socket /run/docker/plugins/weft.sock default",
                        "agent.admin_socket /run/weft/admin.sock default",
                        "agent.state /s --state",
                        "agent.fabric x " + file + ":2:3",
                        "agent.log_level error WEFT_AGENT_LOG_LEVEL")
                .hasSize(22);
    }
}
