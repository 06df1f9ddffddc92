package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What the options of docs/options.md do; the mode is among the refusals of S110, MTU and `--internal` are in S100.
@Tag("system")
@DockerHosts(1)
@DisplayNameGeneration(ReplaceUnderscores.class)
class S130OptionsTest {
    private Host host;
    private Containers containers;

    @BeforeAll
    static void startAgent(Host host) {
        host.startAgent();
    }

    @BeforeEach
    void use(Host host) {
        this.host = host;
        containers = new Containers(host);
    }

    private void create(String name, String... options) {
        var command = Stream.of(Stream.of("network", "create", "-d", "weft"), Stream.of(options), Stream.of(name))
                .flatMap(words -> words);
        host.docker(command.toArray(String[]::new)).ok();
    }

    private boolean hostReaches(String address) {
        return host.sh("busybox ping -c 2 -W 2 " + address).exitCode() == 0;
    }

    @Test
    void containers_without_communication_reach_the_host_and_the_world_and_are_reached_but_by_each_other() {
        create(
                "apart",
                "--subnet",
                "10.61.0.0/24",
                "-o",
                "com.docker.network.bridge.enable_icc=false",
                "-o",
                "host_access=true");
        containers.run("one", "apart", "-p", "8080:80");
        containers.run("two", "apart");
        containers.serve("one", "hello");
        assertThat(containers.reaches("two", containers.address("one", "apart")))
                .isFalse();
        assertThat(hostReaches(containers.address("one", "apart"))).isTrue();
        assertThat(hostReaches(containers.address("two", "apart"))).isTrue();
        containers.ping("two", "10.61.0.1");
        containers.ping("two", "10.77.0.254");
        assertThat(host.sh("busybox wget -q -O - http://127.0.0.1:8080/").ok().text())
                .isEqualTo("hello");
    }

    @Test
    void the_host_is_in_a_network_with_host_access_until_that_is_removed() {
        create(
                "lan",
                "--internal",
                "--ipv6",
                "--subnet",
                "10.61.0.0/24",
                "--gateway",
                "10.61.0.7",
                "--subnet",
                "fd00:61::/64",
                "--gateway",
                "fd00:61::7",
                "-o",
                "host_access=true");
        containers.run("one", "lan");
        assertThat(hostReaches(containers.address("one", "lan"))).isTrue();
        assertThat(hostReaches(containers.address6("one", "lan"))).isTrue();
        containers.ping("one", "10.61.0.7");
        containers.ping("one", "fd00:61::7");
        host.docker("rm", "-f", "one").ok();
        host.docker("network", "rm", "lan").ok();
        assertThat(host.sh("ip -o addr; ip -o link").ok().out()).doesNotContain("10.61.0.7", "fd00:61::7", "whost-");
    }

    @Test
    void without_host_access_the_host_is_not_in_the_network() {
        create("lan", "--internal", "--subnet", "10.61.0.0/24", "--gateway", "10.61.0.7");
        containers.run("one", "lan");
        assertThat(containers.reaches("one", "10.61.0.7")).isFalse();
        assertThat(hostReaches(containers.address("one", "lan"))).isFalse();
    }

    /// How fast a file goes from one container to the other, by the receiver's clock.
    ///
    /// @return the median of three, bits a second
    private double rate(String from, String to, int megabits) {
        int kilobytes = megabits * 160; // more than a second's
        containers.exec(from, "sh", "-c", "mkdir -p /www; dd if=/dev/zero of=/www/file bs=1k count=" + kilobytes);
        containers.exec(from, "sh", "-c", "pidof httpd || httpd -h /www");
        var url = "http://" + containers.address(from, "lan") + "/file";
        return Stream.generate(() -> containers.exec(
                        to,
                        "sh",
                        "-c",
                        "read a x </proc/uptime; wget -q -O /dev/null " + url + ";"
                                + " read b x </proc/uptime; echo $a $b"))
                .limit(3)
                .map(result -> result.text().split(" "))
                .map(times -> kilobytes * 8192 / (Double.parseDouble(times[1]) - Double.parseDouble(times[0])))
                .sorted()
                .toList()
                .get(1);
    }

    private void assertRate(String from, String to, int megabits) {
        assertThat(rate(from, to, megabits))
                .as("bit/s from %s to %s", from, to)
                .isCloseTo(megabits * 1e6, Percentage.withPercentage(15));
    }

    @Test
    void rates_hold_in_both_directions_for_a_network_and_for_an_endpoint_also_after_the_agent_was_killed() {
        create("lan", "--internal", "-o", "ingress_rate=30mbit", "-o", "egress_rate=20mbit");
        containers.run("one", "lan");
        containers.run("fast", "name=lan,driver-opt=ingress_rate=2gbit,driver-opt=egress_rate=2gbit");
        host.docker("run", "-d", "--name", "own", "--network", "none", "busybox", "top")
                .ok();
        host.docker("network", "disconnect", "none", "own").ok();
        host.docker(
                        "network",
                        "connect",
                        "--driver-opt",
                        "ingress_rate=15mbit",
                        "--driver-opt",
                        "egress_rate=40mbit",
                        "lan",
                        "own")
                .ok();
        assertRate("fast", "one", 30);
        assertRate("one", "fast", 20);
        assertRate("fast", "own", 15);
        assertRate("own", "fast", 40);
        host.killAgent();
        host.startAgent();
        assertRate("fast", "one", 30);
        assertRate("one", "fast", 20);
    }

    @Test
    void a_route_leads_over_a_container_of_the_network_and_is_not_given_to_that_one() {
        create(
                "lan",
                "--internal",
                "--ipv6",
                "--subnet",
                "10.61.0.0/24",
                "--subnet",
                "fd00:61::/64",
                "-o",
                "routes=10.63.0.0/24 via 10.61.0.9, fd00:63::/64 via fd00:61::9");
        containers.run("router", "lan", "--ip", "10.61.0.9", "--ip6", "fd00:61::9");
        containers.run("one", "lan");
        host.sh("nsenter -t $(docker inspect -f '{{.State.Pid}}' router) -n sh -c"
                        + " 'ip addr add 10.63.0.1/32 dev lo; ip addr add fd00:63::1/128 dev lo'")
                .ok();
        assertThat(containers.exec("one", "sh", "-c", "ip route; ip -6 route").text())
                .contains("10.63.0.0/24 via 10.61.0.9 dev eth0", "fd00:63::/64 via fd00:61::9 dev eth0");
        containers.ping("one", "10.63.0.1");
        containers.ping("one", "fd00:63::1");
        assertThat(containers
                        .exec("router", "sh", "-c", "ip route; ip -6 route")
                        .text())
                .doesNotContain("10.63.0.0", "fd00:63::/64");
    }

    @Test
    void a_name_for_the_link_is_taken_and_this_engine_makes_nothing_of_it() {
        create("lan", "--internal");
        containers.run("one", "name=lan,driver-opt=com.docker.network.endpoint.ifname=lan0");
        assertThat(containers.exec("one", "ls", "/sys/class/net").text().split("\\s+"))
                .containsExactlyInAnyOrder("eth0", "lo");
    }

    @Test
    void all_mistakes_of_a_network_are_told_at_once_and_nothing_is_left() {
        var refused = host.docker(
                "network",
                "create",
                "-d",
                "weft",
                "--subnet",
                "10.61.0.0/24",
                "-o",
                "colour=blue",
                "-o",
                "com.docker.network.driver.mtu=9",
                "-o",
                "com.docker.network.bridge.enable_icc=no",
                "-o",
                "host_access=yes",
                "-o",
                "ingress_rate=fast",
                "-o",
                "egress_rate=1bit",
                "-o",
                "routes=10.63.0.0/24",
                "lan");
        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.err())
                .contains("cannot create the network: unknown option 'colour'; known: ")
                .contains("option 'com.docker.network.driver.mtu' is '9'; it is the MTU inside the network, from 68")
                .contains("option 'com.docker.network.bridge.enable_icc' is 'no'; give true or false")
                .contains("option 'host_access' is 'yes'; give true or false")
                .contains("option 'ingress_rate' is 'fast'; a rate is a number with a unit")
                .contains("option 'egress_rate' is '1bit'; a rate is from 8kbit to 100gbit")
                .contains("option 'routes' is '10.63.0.0/24'; give routes as SUBNET via ADDRESS");
        assertThat(host.docker("network", "ls", "-q", "-f", "driver=weft").ok().text())
                .isEmpty();
        assertThat(new Fabric(host).links()).isEmpty();
    }

    @Test
    void all_mistakes_of_an_endpoint_are_told_at_once_and_the_container_does_not_start() {
        create("lan", "--internal");
        var refused = host.docker(
                "run",
                "--rm",
                "--network",
                "name=lan,driver-opt=ingress_rate=fast,driver-opt=egress_rate=0mbit,driver-opt=host_access=true",
                "busybox",
                "true");
        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.err())
                .contains("cannot connect the container: unknown option 'host_access'; known: ")
                .contains("option 'ingress_rate' is 'fast'; a rate is a number with a unit")
                .contains("option 'egress_rate' is '0mbit'; a rate is from 8kbit to 100gbit");
        assertThat(new Fabric(host).links()).hasSize(1);
    }

    @Test
    void host_access_without_a_gateway_is_refused() {
        assertThat(host.docker(
                                "network",
                                "create",
                                "-d",
                                "weft",
                                "--ipam-driver",
                                "null",
                                "-o",
                                "host_access=true",
                                "lan")
                        .err())
                .contains("with 'host_access' the host has the gateway's address in it, and it has no gateway;"
                        + " give one with --subnet and --gateway.");
    }

    @Test
    void a_network_of_both_families_is_made_and_the_log_says_that_IPv6_stays_inside() {
        long log = host.agentLogMark();
        create("lan", "--ipv6", "--subnet", "10.61.0.0/24", "--subnet", "fd00:61::/64");
        assertThat(host.agentLogSince(log)).contains(": IPv6 stays inside, because docker_gwbridge has no IPv6 subnet");
    }
}
