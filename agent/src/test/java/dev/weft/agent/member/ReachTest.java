package dev.weft.agent.member;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.state.HostRecord;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ReachTest {
    private static HostRecord host(String name, int port, boolean forgotten, String... addresses) {
        return new HostRecord(
                "id of " + name,
                name,
                Stream.of(addresses).map(InetAddress::ofLiteral).toList(),
                port,
                "0.1.0",
                List.of(),
                forgotten,
                1);
    }

    @Test
    void hosts_with_a_common_IP_version_and_port_reach_each_other() {
        var self = host("h1", 4789, false, "192.0.2.1", "2001:db8::1");
        assertThat(Reach.problems(self, List.of(self, host("h2", 4789, false, "192.0.2.2"))))
                .isEmpty();
        var alone = host("h1", 4789, false, "2001:db8::1");
        assertThat(Reach.problems(alone, List.of(alone, host("h2", 4789, false, "192.0.2.2", "2001:db8::2"))))
                .isEmpty();
    }

    @Test
    void what_keeps_packets_from_a_host_is_named_with_it() {
        var self = host("h1", 4789, false, "192.0.2.1");
        assertThat(Reach.problems(
                        self,
                        List.of(
                                self,
                                host("h2", 4790, false, "192.0.2.2"),
                                host("h3", 4789, false, "2001:db8::3"),
                                host("h4", 1, true))))
                .hasSize(2)
                .anyMatch(sentence -> sentence.startsWith("host h2 takes VXLAN packets at UDP port 4790, and this one"))
                .anyMatch(sentence -> sentence.startsWith("host h3 has no IPv4 address"));
    }

    @Test
    void a_host_without_an_address_says_so_of_itself() {
        var self = host("h1", 4789, false);
        assertThat(Reach.problems(self, List.of(self, host("h2", 4789, false, "192.0.2.2"))))
                .singleElement()
                .asString()
                .contains("cluster.advertise");
    }
}
