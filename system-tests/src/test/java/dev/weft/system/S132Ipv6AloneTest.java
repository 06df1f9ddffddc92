package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Networks without IPv4, which engines have from 28 on (`--ipv4=false`).
@Tag("system")
@DockerHosts(value = 1, engine = "28.5")
@DisplayNameGeneration(ReplaceUnderscores.class)
class S132Ipv6AloneTest {
    @BeforeAll
    static void startAgent(Host host) {
        host.startAgent();
    }

    private static String[] create(String... more) {
        var words = Stream.of("network", "create", "-d", "weft", "--ipv6", "--ipv4=false");
        return Stream.concat(words, Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void one_that_is_internal_needs_no_way_out(Host host) {
        host.docker(create("--internal", "--subnet", "fd00:64::/64", "inside")).ok();
        var containers = new Containers(host);
        containers.run("one", "inside");
        containers.run("two", "inside");
        containers.ping("one", containers.address6("two", "inside"));
    }

    @Test
    void one_is_refused_until_docker_gwbridge_has_IPv6_and_then_leads_out(Host host) throws IOException {
        var alone = create("--subnet", "fd00:61::/64", "six");
        assertThat(host.docker(alone).err())
                .contains("cannot create the network: it has IPv6 alone, and docker_gwbridge, by which its containers"
                        + " would leave the host, has none. Add --internal, or an IPv4 subnet, or make docker_gwbridge"
                        + " with an IPv6 subnet (docs/options.md, IPv6 egress).");
        Eventually.isTrue(
                "docker_gwbridge, which has IPv4 alone, is removed",
                () -> host.docker("network", "rm", "docker_gwbridge").exitCode() == 0);
        var settings = new AgentSettings(host);
        settings.startWith("docker.gateway_bridge_pools = ['10.224.0.0/16', 'fd77:6566:7401::/64']");
        try {
            Eventually.isTrue(
                    "docker_gwbridge has IPv6",
                    () -> host.sh("ip -6 addr show docker_gwbridge").out().contains("fd77:6566:7401::1/64"));
            host.docker(alone).ok();
            var containers = new Containers(host);
            containers.run("one", "six");
            containers.ping("one", "fd77::fe");
        } finally {
            settings.startWithDefaults();
        }
    }
}
