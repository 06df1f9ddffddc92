package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.examples.bridge.BridgeDriver;
import dev.weft.examples.ipamfile.FileIpam;
import dev.weft.examples.none.NullDriver;
import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The plugins of `examples/`, as a reader would run them.
@Tag("system")
@DockerHosts(1)
@DisplayNameGeneration(ReplaceUnderscores.class)
class S300ExamplesTest {
    private static final String POOLS = "/var/lib/weft/pools.txt";

    private final Containers containers;
    private final Host host;
    private final JavaPlugin none;
    private final JavaPlugin bridges;
    private final JavaPlugin ipam;

    S300ExamplesTest(Host host) throws IOException {
        this.host = host;
        containers = new Containers(host);
        none = new JavaPlugin(host, "nothing", NullDriver.class);
        bridges = new JavaPlugin(host, "bridges", BridgeDriver.class);
        ipam = new JavaPlugin(host, "file", FileIpam.class, POOLS);
        Files.writeString(host.path(POOLS), "offer 10.60.1.0/24\n");
    }

    @AfterEach
    void endPlugins() {
        host.sh("docker rm -f $(docker ps -aq)");
        host.docker("network", "prune", "-f");
        if (!host.docker("network", "ls", "-q", "--filter", "type=custom")
                .ok()
                .text()
                .isEmpty()) {
            // After starts in parallel that failed, 20.10 counts endpoints that are gone, until it starts again.
            host.restartEngine();
            host.docker("network", "prune", "-f");
        }
        none.kill();
        bridges.kill();
        ipam.kill();
    }

    @Test
    void the_null_driver_leaves_all_to_the_engine() {
        none.start();
        host.docker("network", "create", "-d", "nothing", "mynet").ok();
        containers.run("one", "mynet", "-p", "8080:80");
        assertThat(links("one")).containsExactly("eth0", "lo");
        containers.serve("one", "hello from nothing");
        assertThat(host.sh("wget -q -O - http://127.0.0.1:8080/").ok().text()).isEqualTo("hello from nothing");

        none.kill();
        none.start();
        host.docker("network", "create", "-d", "nothing", "--internal", "inner").ok();
        containers.run("two", "inner");
        assertThat(links("two")).containsExactly("lo");
        host.docker("restart", "-t", "0", "one").ok();
        assertThat(links("one")).containsExactly("eth0", "lo");
        host.docker("rm", "-f", "one", "two").ok();
        host.docker("network", "rm", "mynet", "inner").ok();
    }

    @Test
    void the_bridge_driver_connects_containers_and_publishes_ports() {
        bridges.start();
        host.docker("network", "create", "-d", "bridges", "mynet").ok();
        containers.run("one", "mynet", "-p", "8080:80");
        containers.run("two", "mynet");
        containers.ping("two", "one");
        containers.serve("one", "hello from an example");
        assertThat(host.sh("wget -q -O - http://127.0.0.1:8080/").ok().text()).isEqualTo("hello from an example");

        bridges.kill();
        containers.ping("two", "one");
        bridges.start();
        containers.run("three", "mynet");
        containers.ping("three", "one");
        host.docker("rm", "-f", "one", "two", "three").ok();
        host.docker("network", "rm", "mynet").ok();
        assertThat(bridgeLinks()).containsExactly("lo");
    }

    @Test
    void the_bridge_driver_makes_again_what_a_power_loss_took() {
        bridges.start();
        host.docker("network", "create", "-d", "bridges", "mynet").ok();
        bridges.kill();
        host.crash();
        host.boot();
        bridges.start();
        containers.run("one", "mynet");
        containers.run("two", "mynet");
        containers.ping("one", "two");
    }

    @Test
    void the_bridge_driver_starts_containers_in_parallel_on_a_network_that_lost_its_bridge() {
        bridges.start();
        host.docker("network", "create", "-d", "bridges", "mynet").ok();
        host.sh("ip -n example-bridge link delete " + bridgeLinks().getFirst()).ok();
        startInParallel(6, "mynet", "many");
        IntStream.rangeClosed(1, 5).forEach(n -> containers.ping("many" + n, "many" + (n + 1)));
    }

    @Test
    void addresses_from_a_file_are_remembered_by_a_plugin_that_was_killed() throws IOException {
        bridges.start();
        ipam.start();
        host.sh("docker network create -d bridges --ipam-driver file"
                        + " --subnet 10.60.0.0/16 --ip-range 10.60.8.0/24 --gateway 10.60.0.1"
                        + " --ipv6 --subnet fd60::/64 mynet")
                .ok();
        containers.run("one", "mynet");
        containers.run("two", "mynet", "--ip", "10.60.9.9");
        assertThat(containers.address("one", "mynet")).isEqualTo("10.60.8.0");
        assertThat(containers.address("two", "mynet")).isEqualTo("10.60.9.9");
        containers.ping("two", "one");
        containers.ping("one", "fd60::3");

        ipam.kill();
        ipam.start();
        containers.run("three", "mynet");
        assertThat(containers.address("three", "mynet")).isEqualTo("10.60.8.1");
        containers.ping("three", "10.60.8.0");
        host.docker("restart", "-t", "0", "two").ok();
        assertThat(containers.address("two", "mynet")).isEqualTo("10.60.9.9");
        assertThat(host.docker("run", "--network", "mynet", "--ip", "10.60.8.1", "busybox", "true")
                        .err())
                .contains("10.60.8.1 is given to another container already.");

        host.docker("rm", "-f", "one", "two", "three").ok();
        host.docker("network", "rm", "mynet").ok();
        assertThat(Files.readAllLines(host.path(POOLS)))
                .containsExactly("# Stop the plugin before you change anything here.", "offer 10.60.1.0/24");
    }

    @Test
    void addresses_from_a_file_are_offered_and_can_be_exhausted() {
        none.start();
        ipam.start();
        host.docker("network", "create", "-d", "nothing", "--ipam-driver", "file", "offered")
                .ok();
        assertThat(host.docker("network", "inspect", "-f", "{{(index .IPAM.Config 0).Subnet}}", "offered")
                        .ok()
                        .text())
                .isEqualTo("10.60.1.0/24");
        assertThat(host.docker("network", "create", "-d", "nothing", "--ipam-driver", "file", "more")
                        .err())
                .contains("none of the 1 IPv4 subnets that " + POOLS + " offers is free. Name one with --subnet,");

        host.sh("docker network create -d nothing --ipam-driver file --subnet 10.61.0.0/30 tiny")
                .ok();
        containers.run("one", "tiny");
        assertThat(host.docker("run", "--network", "tiny", "busybox", "true").err())
                .contains("all 2 addresses of 10.61.0.0/30 are given. Remove unused containers,");
    }

    @Test
    void a_kill_in_the_midst_of_many_starts_gives_no_address_twice() throws IOException {
        none.start();
        ipam.start();
        host.sh("docker network create --internal -d nothing --ipam-driver file --subnet 10.62.0.0/24 mynet")
                .ok();
        var starts = host.start("sh", "-c", parallel(10, "mynet", "before"));
        Eventually.isTrue("the first addresses are given", () -> given().size() > 2);
        ipam.kill();
        ipam.start();
        starts.onExit().join();
        startInParallel(10, "mynet", "after");

        var addresses = containers.names().stream()
                .map(name -> containers.address(name, "mynet"))
                .toList();
        assertThat(addresses).hasSizeGreaterThanOrEqualTo(10).doesNotHaveDuplicates();
        assertThat(given()).containsAll(addresses);
    }

    @Test
    void one_file_serves_one_plugin() {
        ipam.start();
        var second = new JavaPlugin(host, "second", FileIpam.class, POOLS);
        assertThat(second.run().err()).contains("another process serves " + POOLS + ". Stop that one first.");
    }

    @Test
    void the_bridge_driver_has_60_lines() throws IOException {
        var source = Path.of(
                System.getProperty("weft.home"),
                "examples/src/main/java",
                BridgeDriver.class.getName().replace('.', '/') + ".java");
        assertThat(Files.readAllLines(source)).hasSizeLessThanOrEqualTo(60);
    }

    private List<String> links(String container) {
        return containers.exec(container, "ls", "/sys/class/net").out().lines().toList();
    }

    private List<String> bridgeLinks() {
        return host.sh("ip netns exec example-bridge ls /sys/class/net")
                .ok()
                .out()
                .lines()
                .toList();
    }

    /// Addresses that the file says are given.
    private List<String> given() {
        try {
            return Files.readAllLines(host.path(POOLS)).stream()
                    .filter(line -> line.startsWith("address "))
                    .map(line -> line.split(" ")[2])
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String parallel(int count, String network, String name) {
        return "for i in $(seq " + count + "); do docker run -d --name " + name + "$i --network " + network
                + " busybox top & done; wait";
    }

    private void startInParallel(int count, String network, String name) {
        host.sh(parallel(count, network, name)).ok();
    }
}
