package dev.weft.agent.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inet.Cidr;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Rules as `iptables -S` printed them.
@DisplayNameGeneration(ReplaceUnderscores.class)
class FirewallRulesTest {
    private static boolean letsOut(String... rules) {
        var facts = new Facts();
        facts.gatewayBridge = List.of(Cidr.parse("10.224.0.1/16"));
        facts.ipv4Rules = new FirewallRules(List.of(rules));
        return facts.findings().isEmpty();
    }

    @Test
    void what_engine_28_5_makes_lets_containers_out() {
        assertThat(letsOut(
                        "-P INPUT ACCEPT",
                        "-P FORWARD DROP",
                        "-N DOCKER-FORWARD",
                        "-A FORWARD -j DOCKER-USER",
                        "-A FORWARD -j DOCKER-FORWARD",
                        "-A DOCKER-FORWARD -j DOCKER-CT",
                        "-A DOCKER-FORWARD -i docker_gwbridge -j ACCEPT",
                        "-A DOCKER-CT -o docker_gwbridge -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT"))
                .isTrue();
    }

    @Test
    void what_engine_20_10_makes_lets_containers_out() {
        assertThat(letsOut(
                        "-P FORWARD DROP",
                        "-A FORWARD -o docker_gwbridge -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
                        "-A FORWARD -o docker_gwbridge -j DOCKER",
                        "-A FORWARD -i docker_gwbridge ! -o docker_gwbridge -j ACCEPT",
                        "-A FORWARD -i docker_gwbridge -o docker_gwbridge -j DROP"))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-A FORWARD -j ACCEPT",
                "-A FORWARD -m comment --comment \"all of it\" -j ACCEPT",
                "-A FORWARD -s 10.224.0.0/16 -j ACCEPT",
                "-A FORWARD -s 10.0.0.0/8 ! -o docker_gwbridge -j ACCEPT",
                "-A FORWARD -i docker+ -j ACCEPT",
            })
    void so_do_rules_that_people_write(String rule) {
        assertThat(letsOut("-P FORWARD DROP", rule)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-A FORWARD -i docker0 -j ACCEPT",
                "-A FORWARD -i docker_gwbridge -p tcp -j ACCEPT",
                "-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
                "-A FORWARD -s 10.224.5.0/24 -j ACCEPT",
                "-A FORWARD ! -i docker_gwbridge -j ACCEPT",
                "-A INPUT -j ACCEPT",
                "-A FORWARD -j FORWARD",
            })
    void these_do_not(String rule) {
        assertThat(letsOut("-P FORWARD DROP", rule)).isFalse();
    }

    @Test
    void without_the_policy_none_is_needed() {
        assertThat(letsOut("-P FORWARD ACCEPT")).isTrue();
    }
}
