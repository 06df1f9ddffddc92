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

/// Links of ours that a person removes, makes again or changes while the agent runs.
@Tag("system")
@DockerHosts(1)
@DisplayNameGeneration(ReplaceUnderscores.class)
class S220ByHandTest {
    private Containers containers;
    private Fabric fabric;

    @BeforeAll
    static void startAgent(Host host) {
        host.startAgent();
    }

    @BeforeEach
    void twoContainers(Host host) {
        containers = new Containers(host);
        fabric = new Fabric(host);
        host.docker("network", "create", "-d", "weft", "--internal", "mynet").ok();
        containers.run("one", "mynet");
        containers.run("two", "mynet");
    }

    /// The port of a container in the one bridge.
    private String port(String container) {
        return "veth-" + containers.endpoint(container, "mynet").substring(0, 10);
    }

    @Test
    void a_bridge_that_is_removed_is_made_again_with_its_ports() {
        fabric.ip("link del " + fabric.bridge());
        Eventually.isTrue(
                "the bridge is back with both ports",
                () -> fabric.links().size() == 3
                        && fabric.ports(fabric.bridge()).size() == 2);
        containers.ping("one", "two");
    }

    @Test
    void a_bridge_that_is_removed_and_made_again_by_hand_is_taken_over(Host host) {
        var bridge = fabric.bridge();
        host.sh("ip netns exec weft sh -c 'ip link del " + bridge + "; ip link add " + bridge + " type bridge'");
        Eventually.isTrue(
                "the bridge has both ports", () -> fabric.ports(bridge).size() == 2);
        Eventually.isTrue(
                "it has its alias",
                () -> host.sh("ip netns exec weft ip link show " + bridge).out().contains("alias weft network"));
        containers.ping("one", "two");
    }

    @Test
    void a_bridge_and_a_port_that_are_changed_are_mended() {
        fabric.ip("link set " + fabric.bridge() + " down");
        fabric.ip("link set " + port("one") + " nomaster");
        Eventually.isTrue(
                "both ports are back", () -> fabric.ports(fabric.bridge()).size() == 2);
        containers.ping("one", "two");
    }

    @Test
    void a_port_that_is_removed_is_told_with_what_to_do_and_reconnecting_brings_it_back(Host host) {
        var port = port("one");
        fabric.ip("link del " + port);
        Eventually.isTrue(
                "the log says what to do",
                () -> host.agentLog()
                        .contains("link " + port
                                + " is gone; disconnect its container from the network and connect it again."));
        host.docker("network", "disconnect", "mynet", "one").ok();
        host.docker("network", "connect", "mynet", "one").ok();
        containers.ping("one", "two");
    }

    @Test
    void a_port_that_is_removed_and_made_again_as_another_kind_is_told_and_left_alone(Host host) {
        var port = port("one");
        host.sh("ip netns exec weft sh -c 'ip link del " + port + "; ip link add " + port + " type bridge'")
                .ok();
        Eventually.isTrue(
                "the log names it",
                () -> host.agentLog()
                        .contains("link " + port
                                + " is of kind 'bridge' and is not what Weft made; rename or remove it."));
        host.docker("rm", "-f", "one").ok();
        assertThat(fabric.links()).contains(port);
        fabric.ip("link del " + port);
        containers.run("one", "mynet");
        containers.ping("one", "two");
    }

    @Test
    void the_containers_end_that_is_removed_is_brought_back_by_reconnecting(Host host) {
        host.sh("nsenter -t $(docker inspect -f '{{.State.Pid}}' one) -n ip link del eth0")
                .ok();
        assertThat(containers.reaches("two", "one")).isFalse();
        host.docker("network", "disconnect", "mynet", "one").ok();
        host.docker("network", "connect", "mynet", "one").ok();
        containers.ping("one", "two");
    }

    @Test
    void everything_that_is_removed_at_once_comes_back_with_the_next_containers(Host host) {
        host.sh("for l in $(ip netns exec weft ls /sys/class/net); do ip netns exec weft ip link del $l; done");
        host.docker("restart", "-t", "0", "one", "two").ok();
        containers.ping("one", "two");
    }

    @Test
    void the_pin_of_the_fabric_that_is_removed_is_put_back_and_packets_flow_on(Host host) {
        host.sh("ip netns del weft").ok();
        Eventually.isTrue(
                "the pin is back", () -> host.sh("ip netns exec weft true").exitCode() == 0);
        host.killAgent();
        containers.ping("one", "two");
        host.startAgent();
        containers.run("three", "mynet");
        containers.ping("three", "one");
    }
}
