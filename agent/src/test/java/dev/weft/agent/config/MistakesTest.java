package dev.weft.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is told of a configuration that is wrong.
@DisplayNameGeneration(ReplaceUnderscores.class)
class MistakesTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("weft.toml");
    }

    private List<String> mistakes(Map<String, String> environment, Map<String, String> flags) {
        return wrong(environment, flags).mistakes().stream()
                .map(mistake -> mistake.toString().replace(folder + "/", ""))
                .toList();
    }

    private Outcome.Wrong wrong(Map<String, String> environment, Map<String, String> flags) {
        var outcome = Configuration.read(file, environment, flags);
        assertThat(outcome).isInstanceOf(Outcome.Wrong.class);
        return (Outcome.Wrong) outcome;
    }

    private List<String> mistakes(String toml) throws IOException {
        Files.writeString(file, toml);
        return mistakes(Map.of(), Map.of());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // names
                "agent.sokcet = 'x'           | 1:1: unknown key 'agent.sokcet'; did you mean 'agent.socket'?",
                "agent.log-level = 'info'     | 1:1: unknown key 'agent.log-level'; did you mean 'agent.log_level'?",
                "docker.interval = '1m'       | 1:1: unknown key 'docker.interval'; did you mean 'reconcile.interval'?",
                "docker.colour = 1            | 1:1: unknown key 'docker.colour'; known in [docker]: collect_after,"
                        + " gateway_bridge_pools, socket, start_missed_containers.",
                "log_level = 'info'           | 1:1: unknown key 'log_level'; did you mean 'agent.log_level'?",
                "colour = 1                   | 1:1: unknown key 'colour'; known tables: agent, cluster, docker, ipam, reconcile.",
                "dokcer.socket = '/x'         | 1:1: unknown table 'dokcer'; did you mean 'docker'?",
                "clusters.x = 1               | 1:1: unknown table 'clusters'; did you mean 'cluster'?",
                "cluster.vxlan_port = 0       | 1:1: cluster.vxlan_port is 0; give a whole number from 1 to 65535.",
                "cluster.store = ['etcd:2379']| 1:1: cluster.store has 'etcd:2379'; give a URL, such as \"https://10.0.0.5:2379\".",
                "cluster.store = ['http://a:1', 'https://b:1'] | 1:1: cluster.store has both http:// and https:// URLs; give one kind.",
                "cluster.advertise = ['127.0.0.1'] | 1:1: cluster.advertise has '127.0.0.1': no other host reaches this one by it.",
                "cluster.advertise = ['192.0.2.1', '192.0.2.2'] | 1:1: cluster.advertise has two addresses of one IP version; give one IPv4 and one IPv6 address at most.",
                "cluster.advertise = ['192.0.2.1'] | 1:1: cluster.advertise is of no use without cluster.store; give both.",
                "agent.sockets.x = 1          | 1:1: unknown table 'agent.sockets'; did you mean 'agent.socket'?",
                "agent = 1                    | 1:1: agent is a table; write [agent], and its keys in the lines below.",
                // types
                "agent.socket = 1             | 1:1: agent.socket is 1; give a path that begins with '/'.",
                "agent.state.x = 1            | 1:1: agent.state is a table; give a path that begins with '/'.",
                "agent.fabric = true          | 1:1: agent.fabric is true; give a name of letters, digits, '.', '_' and '-'.",
                "docker.start_missed_containers = 'true' | 1:1: docker.start_missed_containers is 'true';"
                        + " give true or false, without quotes.",
                "docker.collect_after = 120   | 1:1: docker.collect_after is 120;"
                        + " give a duration from 1s to 24h, such as \"30s\" or \"2m\".",
                "docker.collect_after = 2020-01-01 | 1:1: docker.collect_after is 2020-01-01;"
                        + " give a duration from 1s to 24h, such as \"30s\" or \"2m\".",
                "docker.gateway_bridge_pools = '10.0.0.0/8' | 1:1: docker.gateway_bridge_pools is '10.0.0.0/8';"
                        + " give a list of subnets, such as [\"10.224.0.0/16\"].",
                "docker.gateway_bridge_pools = [7] | 1:1: docker.gateway_bridge_pools has 7;"
                        + " give a subnet, such as \"10.224.0.0/16\".",
                "agent.socket = ['/a']        | 1:1: agent.socket is a list; give a path that begins with '/'.",
                // values
                "agent.socket = ''            | 1:1: agent.socket is ''; give a path that begins with '/'.",
                "agent.admin_socket = 'run/x' | 1:1: agent.admin_socket is 'run/x'; give a path that begins with '/'.",
                "agent.state = 'weft'         | 1:1: agent.state is 'weft'; give a path that begins with '/'.",
                "agent.state = \"/a\\u0000b\" | 1:1: agent.state is '/a\\u0000b'; give a path that begins with '/'.",
                "docker.socket = 'x'          | 1:1: docker.socket is 'x'; give a path that begins with '/', or nothing.",
                "agent.fabric = '../etc'      | 1:1: agent.fabric is '../etc';"
                        + " give a name of letters, digits, '.', '_' and '-'.",
                "agent.scope = 'swarm'        | 1:1: agent.scope is 'swarm'; give local or global.",
                "agent.log_level = 'INFO'     | 1:1: agent.log_level is 'INFO'; give error, warning, info or debug.",
                "docker.collect_after = '999ms' | 1:1: docker.collect_after is '999ms';"
                        + " give a duration from 1s to 24h, such as \"30s\" or \"2m\".",
                "docker.collect_after = '25h' | 1:1: docker.collect_after is '25h';"
                        + " give a duration from 1s to 24h, such as \"30s\" or \"2m\".",
                "reconcile.interval = '0s'    | 1:1: reconcile.interval is '0s';"
                        + " give a duration from 1s to 1h, such as \"30s\" or \"2m\".",
                "reconcile.interval = '61m'   | 1:1: reconcile.interval is '61m';"
                        + " give a duration from 1s to 1h, such as \"30s\" or \"2m\".",
                "docker.gateway_bridge_pools = ['10.1.0.1/8'] | 1:1: docker.gateway_bridge_pools has '10.1.0.1/8':"
                        + " 10.1.0.1/8 has bits behind its prefix; the subnet is 10.0.0.0/8.",
                "docker.gateway_bridge_pools = ['10.0.0.0/24', 'fd00::/64', '10.0.1.0/24'] | 1:1:"
                        + " docker.gateway_bridge_pools has 10.0.0.0/24 and 10.0.1.0/24; give one IPv4 subnet at most.",
                "docker.gateway_bridge_pools = ['fd00::/64', 'fd01::/64'] | 1:1:"
                        + " docker.gateway_bridge_pools has fd00::/64 and fd01::/64; give one IPv6 subnet at most.",
                "ipam.local_pools = ['10.0.0.0/16'] | 1:1: ipam.local_pools has '10.0.0.0/16':"
                        + " '10.0.0.0/16' is not a subnet and the length of its parts, such as 10.64.0.0/10 by /24.",
                "ipam.global_pools = ['10.0.0.0/16 by /8'] | 1:1: ipam.global_pools has '10.0.0.0/16 by /8':"
                        + " subnets of 10.0.0.0/16 have a prefix length of 16 to 32, not 8.",
                "ipam.local_pools = ['10.0.0.0/16 by /24', '10.0.4.0/22 by /24'] | 1:1: ipam.local_pools has"
                        + " 10.0.0.0/16 by /24 and 10.0.4.0/22 by /24, which overlap; give ranges that do not.",
                "ipam.local_pools = ['10.208.0.0/16 by /24'] | 1:1: ipam.global_pools has 10.208.0.0/12 by /24,"
                        + " which overlaps 10.208.0.0/16 by /24 of ipam.local_pools; give ranges that do not.",
                "ipam.global_pools = ['fd77:6566:7400::/64 by /64'] | 1:1: ipam.global_pools has"
                        + " fd77:6566:7400::/64 by /64, which overlaps fd77:6566:7400::/48 by /64 of ipam.local_pools;"
                        + " give ranges that do not.",
                "ipam.local_pools = ['239.0.0.0/8 by /24'] | 1:1: ipam.local_pools has '239.0.0.0/8 by /24': it overlaps"
                        + " 224.0.0.0/4, which is multicast; give one for containers, such as 10.192.0.0/12 by /24.",
                "ipam.global_pools = ['127.0.0.0/8 by /24'] | 1:1: ipam.global_pools has '127.0.0.0/8 by /24': it"
                        + " overlaps 127.0.0.0/8, which is each host's own loopback; give one for containers, such as"
                        + " 10.192.0.0/12 by /24.",
                "ipam.local_pools = ['fe80::/16 by /64'] | 1:1: ipam.local_pools has 'fe80::/16 by /64': it overlaps"
                        + " fe80::/10, which is what every link has by itself; give one for containers, such as"
                        + " fd77:6566:7400::/48 by /64.",
                "agent.admin_socket = '/run/docker/plugins/weft.sock' | 1:1: agent.socket and agent.admin_socket are"
                        + " both '/run/docker/plugins/weft.sock'; give each its own.",
                // syntax
                "agent.socket = /x            | 1:16: this is not TOML: unexpected '/', expected ', \", ''', \"\"\","
                        + " a number, a boolean, a date/time, an array, or a table.",
                "[agent                       | 1:7: this is not TOML: unexpected end of input, expected ].",
                "agent.fabric = 99999999999999999999 | 1:16: this is not TOML: integer is too large.",
            })
    void each_mistake_is_one_sentence_with_its_place(String toml, String sentence) throws IOException {
        assertThat(mistakes(toml)).containsExactly("weft.toml:" + sentence);
    }

    @Test
    void all_mistakes_are_told_in_the_order_of_the_file_and_then_of_what_else_is_said() throws IOException {
        Files.writeString(file, """
                # Weft
                [reconcile]
                interval = "2d"

                [agent]
                  sokcet = "/x"
                  log_level = "loud"
                [[dokcer]]
                socket = 1
                [ipam]
                local_pools = [
                  "10.0.0.0/8 by /24",
                  "10.0.0.0/8",
                ]
                """);
        assertThat(mistakes(
                        Map.of("WEFT_RECONCILE_INTERVAL", "2h", "WEFT_DOCKER_SOKCET", "", "WEFT_IPAM_X", ""),
                        Map.of("--fabric", "../etc")))
                .containsExactly(
                        "weft.toml:3:1: reconcile.interval is '2d'; give a duration from 1s to 1h,"
                                + " such as \"30s\" or \"2m\".",
                        "weft.toml:6:3: unknown key 'agent.sokcet'; did you mean 'agent.socket'?",
                        "weft.toml:7:3: agent.log_level is 'loud'; give error, warning, info or debug.",
                        "weft.toml:8:1: unknown table 'dokcer'; did you mean 'docker'?",
                        "weft.toml:11:1: ipam.local_pools has '10.0.0.0/8': '10.0.0.0/8' is not a subnet and the"
                                + " length of its parts, such as 10.64.0.0/10 by /24.",
                        "WEFT_RECONCILE_INTERVAL: reconcile.interval is '2h'; give a duration from 1s to 1h,"
                                + " such as \"30s\" or \"2m\".",
                        "WEFT_DOCKER_SOKCET: unknown variable; did you mean 'WEFT_DOCKER_SOCKET'?",
                        "WEFT_IPAM_X: unknown variable; `weft config show` lists the keys,"
                                + " docs/configuration.md their variables.",
                        "--fabric: agent.fabric is '../etc'; give a name of letters, digits, '.', '_' and '-'.");
    }

    @Test
    void several_mistakes_of_syntax_are_told_with_the_others_but_no_name_behind_them() throws IOException {
        assertThat(mistakes("""
                agent.sokcet = "/y"
                agent.fabric = ..
                agent.state = 'weft
                [docker
                [dokcer]
                """))
                .containsExactly(
                        "weft.toml:1:1: unknown key 'agent.sokcet'; did you mean 'agent.socket'?",
                        "weft.toml:2:16: this is not TOML: unexpected '.', expected ', \", ''', \"\"\", a number,"
                                + " a boolean, a date/time, an array, or a table.",
                        "weft.toml:3:1: agent.state is 'weft'; give a path that begins with '/'.",
                        "weft.toml:3:20: this is not TOML: unexpected end of line, expected '.",
                        "weft.toml:4:8: this is not TOML: unexpected end of line, expected ].");
    }

    @Test
    void a_key_that_is_there_twice_is_told() throws IOException {
        assertThat(mistakes("agent.state = '/a'\nagent.state = '/b'\n"))
                .containsExactly(
                        "weft.toml:2:1: this is not TOML: agent.state previously defined at line 1, column 1.");
    }

    @Test
    void a_variable_that_is_wrong_is_told_by_its_name() {
        assertThat(mistakes(
                        Map.of("WEFT_DOCKER_START_MISSED_CONTAINERS", "yes", "WEFT_IPAM_GLOBAL_POOLS", "a,"), Map.of()))
                .containsExactly(
                        "WEFT_DOCKER_START_MISSED_CONTAINERS: docker.start_missed_containers is 'yes';"
                                + " give true or false, without quotes.",
                        "WEFT_IPAM_GLOBAL_POOLS: ipam.global_pools has 'a': 'a' is not a subnet and the length of"
                                + " its parts, such as 10.64.0.0/10 by /24.");
    }

    @Test
    void a_wrong_value_is_told_also_where_another_goes_before_it() throws IOException {
        Files.writeString(file, "agent.fabric = ''\n");
        assertThat(mistakes(Map.of(), Map.of("--fabric", "right")))
                .containsExactly(
                        "weft.toml:1:1: agent.fabric is '';" + " give a name of letters, digits, '.', '_' and '-'.");
    }

    @Test
    void a_file_that_was_named_must_be_there() {
        var absent = folder.resolve("absent.toml").toString();
        assertThat(mistakes(Map.of(), Map.of("--config", absent)))
                .containsExactly("--config: there is no file absent.toml.");
        assertThat(mistakes(Map.of("WEFT_CONFIG", absent), Map.of()))
                .containsExactly("WEFT_CONFIG: there is no file absent.toml.");
        assertThat(mistakes(Map.of("WEFT_CONFIG", ""), Map.of())).containsExactly("WEFT_CONFIG: names no file.");
    }

    @Test
    void a_file_that_cannot_be_read_is_told() throws IOException {
        assertThat(mistakes(Map.of(), Map.of("--config", folder.toString())))
                .containsExactly(folder + ": cannot be read: it is a folder.");
        Files.write(file, new byte[] {'#', (byte) 0xff});
        assertThat(mistakes(Map.of(), Map.of())).containsExactly("weft.toml: cannot be read: it is not UTF-8.");
        assertThat(mistakes("#".repeat(65_537)))
                .containsExactly("weft.toml: cannot be read: it is larger than 65536 bytes.");
        assertThat(mistakes("x = " + "[".repeat(20_000)))
                .containsExactly("weft.toml: cannot be read: brackets are nested too deeply.");
        assertThat(mistakes(Map.of(), Map.of("--config", file + "/x")))
                .containsExactly("weft.toml/x: cannot be read: Not a directory.");
    }

    @Test
    void the_path_of_a_socket_on_which_the_agent_could_not_listen_is_told() throws IOException {
        assertThat(mistakes("agent.socket = '/" + "x".repeat(103) + "'"))
                .containsExactly("weft.toml:1:1: agent.socket is '/" + "x".repeat(63) + "…' (104 characters):"
                        + " the path of a socket has at most 103 bytes, not 104.");
        Files.writeString(file, "agent.socket = '/" + "x".repeat(102) + "'");
        assertThat(Configuration.read(file, Map.of(), Map.of())).isInstanceOf(Outcome.Valid.class);
    }

    @Test
    void a_long_name_is_told_by_its_beginning() throws IOException {
        assertThat(mistakes("agent." + "x".repeat(1000) + " = 1"))
                .containsExactly("weft.toml:1:1: unknown key 'agent." + "x".repeat(58) + "…' (1006 characters);"
                        + " known in [agent]: admin_socket, fabric, log_level, scope, socket, state.");
    }

    @Test
    void what_is_wrong_leaves_the_defaults_and_the_sockets_that_are_right() throws IOException {
        Files.writeString(file, """
                [agent]
                socket = "/run/other.sock"
                admin_socket = "admin"
                state = "/srv/weft"
                log_level = "debug"
                """);
        var told = wrong(Map.of(), Map.of("--socket", "here")).configuration();
        assertThat(told.socket()).isEqualTo(Path.of("/run/other.sock"));
        assertThat(told.adminSocket()).isEqualTo(Path.of("/run/weft/admin.sock"));
        assertThat(told.state()).isEqualTo(Path.of("/var/lib/weft"));
        assertThat(told.logLevel()).isEqualTo(LogLevel.INFO);
    }

    @Test
    void sockets_that_are_one_leave_both_where_they_usually_are() throws IOException {
        Files.writeString(file, "agent.socket = '/run/weft/admin.sock'");
        var told = wrong(Map.of(), Map.of()).configuration();
        assertThat(told.socket()).isEqualTo(Path.of("/run/docker/plugins/weft.sock"));
        assertThat(told.adminSocket()).isEqualTo(Path.of("/run/weft/admin.sock"));
    }

    @Test
    void the_explanation_has_five_mistakes_and_counts_the_rest() throws IOException {
        Files.writeString(
                file, "agent.a = 1\nagent.b = 1\nagent.c = 1\nagent.d = 1\nagent.e = 1\nagent.f = 1\nx = 1\n");
        var known = "; known in [agent]: admin_socket, fabric, log_level, scope, socket, state. ";
        assertThat(wrong(Map.of(), Map.of()).explanation().replace(folder + "/", ""))
                .isEqualTo("the Weft agent cannot work: weft.toml:1:1: unknown key 'agent.a'" + known
                        + "weft.toml:2:1: unknown key 'agent.b'" + known + "weft.toml:3:1: unknown key 'agent.c'"
                        + known + "weft.toml:4:1: unknown key 'agent.d'" + known
                        + "weft.toml:5:1: unknown key 'agent.e'" + known
                        + "There are 2 more mistakes. Mend it and restart the agent (weft config check).");
    }
}
