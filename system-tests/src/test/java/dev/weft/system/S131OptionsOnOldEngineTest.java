package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Options on an engine that tells a driver less: endpoint options come by `docker network connect` alone.
@Tag("system")
@DockerHosts(value = 1, engine = "20.10")
@DisplayNameGeneration(ReplaceUnderscores.class)
class S131OptionsOnOldEngineTest {
    private Host host;
    private Containers containers;

    @BeforeAll
    static void startAgent(Host host) {
        host.startAgent();
    }

    @BeforeEach
    void aNetworkWithOptions(Host host) {
        this.host = host;
        containers = new Containers(host);
        host.docker(
                        "network",
                        "create",
                        "-d",
                        "weft",
                        "--internal",
                        "--ipv6",
                        "--subnet",
                        "10.61.0.0/24",
                        "--subnet",
                        "fd00:61::/64",
                        "-o",
                        "host_access=true",
                        "-o",
                        "com.docker.network.bridge.enable_icc=false",
                        "-o",
                        "ingress_rate=30mbit",
                        "-o",
                        "routes=10.63.0.0/24 via 10.61.0.9",
                        "lan")
                .ok();
    }

    private String limits(String container) {
        var port = "veth-" + containers.endpoint(container, "lan").substring(0, 10);
        return host.sh("ip netns exec weft sh -c 'tc qdisc show dev " + port + "; tc qdisc show dev "
                        + port.replace("veth", "wifb") + "'")
                .out();
    }

    @Test
    void a_networks_options_work() {
        containers.run("one", "lan");
        containers.run("two", "lan");
        assertThat(containers.reaches("one", containers.address("two", "lan"))).isFalse();
        containers.ping("one", "10.61.0.1");
        assertThat(host.sh("busybox ping -c 2 -W 5 " + containers.address6("one", "lan"))
                        .exitCode())
                .isZero();
        assertThat(containers.exec("one", "ip", "route").text()).contains("10.63.0.0/24 via 10.61.0.9 dev eth0");
        assertThat(limits("one")).contains("rate 30Mbit").doesNotContain("wifb");
    }

    @Test
    void an_endpoints_options_come_by_network_connect() {
        host.docker("run", "-d", "--name", "one", "--network", "none", "busybox", "top")
                .ok();
        host.docker("network", "disconnect", "none", "one").ok();
        host.docker(
                        "network",
                        "connect",
                        "--driver-opt",
                        "ingress_rate=5mbit",
                        "--driver-opt",
                        "egress_rate=7mbit",
                        "lan",
                        "one")
                .ok();
        assertThat(limits("one")).contains("rate 5Mbit", "rate 7Mbit");
        host.docker("network", "disconnect", "lan", "one").ok();
        assertThat(host.docker("network", "connect", "--driver-opt", "speed=5", "lan", "one")
                        .err())
                .contains("cannot connect the container: unknown option 'speed'; known:"
                        + " com.docker.network.endpoint.ifname, egress_rate, ingress_rate.");
    }

    @Test
    void a_port_that_is_removed_is_put_back_as_it_was() {
        containers.run("one", "lan");
        var before = containers.inside("one");
        var port = "veth-" + containers.endpoint("one", "lan").substring(0, 10);
        var fabric = new Fabric(host);
        fabric.ip("link del " + port);
        Eventually.isTrue(
                "the limit is back, which is the last", () -> limits("one").contains("rate 30Mbit"));
        assertThat(containers.inside("one")).isEqualTo(before);
        containers.ping("one", "10.61.0.1");
    }
}
