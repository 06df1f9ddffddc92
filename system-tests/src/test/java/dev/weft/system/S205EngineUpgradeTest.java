package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An engine that is exchanged for a newer one, on the same disk and beside the same agent.
@Tag("system")
@DockerHosts(value = 1, engine = "20.10")
@DisplayNameGeneration(ReplaceUnderscores.class)
class S205EngineUpgradeTest {
    private static final List<String> NETWORKS = List.of("docker-addresses", "weft-addresses");

    @TempDir
    private Path copy;

    private Containers containers;

    @BeforeEach
    void make_networks_and_containers(Host host) {
        host.startAgent();
        containers = new Containers(host);
        host.docker("network", "create", "-d", "weft", "--subnet", "10.60.0.0/24", "docker-addresses")
                .ok();
        host.docker(
                        "network",
                        "create",
                        "-d",
                        "weft",
                        "--ipam-driver",
                        "weft",
                        "--subnet",
                        "10.61.0.0/24",
                        "weft-addresses")
                .ok();
        for (var network : NETWORKS) {
            containers.run("stopped-" + network, network, "--ip", address(network, 50));
            host.docker("stop", "-t", "0", "stopped-" + network).ok();
            containers.run("static-" + network, network, "--restart", "always", "--ip", address(network, 9));
            containers.run("any-" + network, network, "--restart", "always");
        }
    }

    private static String address(String network, int last) {
        return (network.equals("docker-addresses") ? "10.60.0." : "10.61.0.") + last;
    }

    @Test
    void networks_containers_and_addresses_are_taken_over(Host host) throws IOException {
        long agent = host.agentPid();
        host.upgradeEngine("28.5");
        assertThat(host.docker("version", "-f", "{{.Server.Version}}").ok().text())
                .startsWith("28.5.");
        for (var network : NETWORKS) {
            host.docker("start", "stopped-" + network).ok();
            containers.run("new-" + network, network);
            assertThat(containers.address("stopped-" + network, network)).isEqualTo(address(network, 50));
            assertThat(containers.address("static-" + network, network)).isEqualTo(address(network, 9));
            assertThat(names(network).map(name -> containers.address(name, network)))
                    .doesNotHaveDuplicates()
                    .allMatch(address -> address.startsWith(address(network, 0).replaceAll("0$", "")));
            names(network).forEach(name -> containers.ping("new-" + network, name));
        }
        assertThat(host.agentPid()).isEqualTo(agent);
        host.sh("docker rm -f $(docker ps -aq)").ok();
        NETWORKS.forEach(network -> host.docker("network", "rm", network).ok());
        assertThat(new Fabric(host).links()).isEmpty();
        assertThat(Records.of(host, copy)).isEqualTo(Records.NONE);
    }

    private static Stream<String> names(String network) {
        return Stream.of("stopped-", "static-", "any-", "new-").map(kind -> kind + network);
    }
}
