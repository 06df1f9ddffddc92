package dev.weft.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ConfigShowTest {
    @TempDir
    private Path folder;

    private static final Map<String, String> ENVIRONMENT = Map.of("WEFT_DOCKER_START_MISSED_CONTAINERS", "true");

    private Typed show(String... more) throws IOException {
        var file = Files.writeString(
                folder.resolve("weft.toml"), "agent.fabric = 'x'\n[docker]\ngateway_bridge_pools = []\n");
        var arguments = new ArrayList<>(List.of("config", "show", "--state", "/s"));
        arguments.addAll(List.of(more));
        return Typed.weft(file, ENVIRONMENT, arguments.toArray(String[]::new));
    }

    @Test
    void every_key_is_shown_with_its_value_and_where_it_comes_from() {
        assertThat(Typed.weft("config", "show")).isEqualTo(new Typed(0, """
                        KEY                             VALUE                          FROM
                        agent.socket                    /run/docker/plugins/weft.sock  default
                        agent.admin_socket              /run/weft/admin.sock           default
                        agent.state                     /var/lib/weft                  default
                        agent.fabric                    weft                           default
                        agent.log_level                 info                           default
                        agent.scope                     local                          default
                        docker.socket                   /run/docker.sock               default
                        docker.start_missed_containers  false                          default
                        docker.collect_after            2m                             default
                        docker.gateway_bridge_pools     10.224.0.0/16                  default
                        ipam.local_pools                10.192.0.0/12 by /24           default
                                                        fd77:6566:7400::/48 by /64
                        ipam.global_pools               10.208.0.0/12 by /24           default
                                                        fd77:6566:7402::/48 by /64
                        reconcile.interval              1m                             default
                        cluster.store                                                  default
                        cluster.store_prefix            weft                           default
                        cluster.store_ca                                               default
                        cluster.store_certificate                                      default
                        cluster.store_key                                              default
                        cluster.store_user                                             default
                        cluster.store_password_file                                    default
                        cluster.advertise                                              default
                        cluster.vxlan_port              4789                           default
                        """, ""));
    }

    @Test
    void other_origins_are_named_and_the_table_keeps_to_80_columns() throws IOException {
        var typed = show();
        assertThat(typed.exitCode()).isZero();
        assertThat(typed.out().lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80))
                .anyMatch(line -> line.matches("agent.state +/s +--state"))
                .anyMatch(line -> line.matches("docker.start_missed_containers +true +environment"));
        assertThat(typed.out().replaceAll("\\s+", "")).contains("agent.fabricx" + folder + "/weft.toml:1agent");
    }

    @Test
    void as_json_it_has_types_and_places() throws IOException {
        assertThat(show("--json").out())
                .startsWith(
                        "[{\"key\":\"agent.socket\",\"value\":\"/run/docker/plugins/weft.sock\",\"from\":\"default\"},")
                .contains(
                        "{\"key\":\"agent.state\",\"value\":\"/s\",\"from\":\"--state\"}",
                        "{\"key\":\"agent.fabric\",\"value\":\"x\",\"from\":\"" + folder + "/weft.toml:1\"}",
                        "{\"key\":\"docker.start_missed_containers\",\"value\":true,"
                                + "\"from\":\"WEFT_DOCKER_START_MISSED_CONTAINERS\"}",
                        "{\"key\":\"docker.gateway_bridge_pools\",\"value\":[],\"from\":\"" + folder
                                + "/weft.toml:3\"}",
                        "{\"key\":\"ipam.local_pools\",\"value\":[\"10.192.0.0/12 by /24\","
                                + "\"fd77:6566:7400::/48 by /64\"],\"from\":\"default\"}")
                .endsWith("}]\n");
    }

    @Test
    void of_a_configuration_that_is_wrong_nothing_is_shown_but_its_mistakes() {
        assertThat(Typed.weft("config", "show", "--fabric", "/"))
                .isEqualTo(new Typed(
                        2, "", "--fabric: agent.fabric is '/'; give a name of letters, digits, '.', '_' and '-'.\n"));
    }
}
