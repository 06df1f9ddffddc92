package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import java.io.IOException;
import java.util.List;
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

    /// The port is on the bridge after all else has been done.
    private void isPutBack(String container, String network) {
        var bridge = "br-" + containers.networkId(network).substring(0, 12);
        var port = "veth-" + containers.endpoint(container, network).substring(0, 10);
        Eventually.isTrue(
                port + " is back on " + bridge, () -> fabric.ports(bridge).contains(port));
    }

    @Test
    void a_port_that_is_removed_is_put_back_with_all_that_the_engine_had_given_its_container(Host host) {
        host.docker(
                        "network",
                        "create",
                        "-d",
                        "weft",
                        "--internal",
                        "--ipv6",
                        "--subnet",
                        "10.51.0.0/24",
                        "--subnet",
                        "fd00:51::/64",
                        "-o",
                        "routes=10.52.0.0/24 via 10.51.0.9, fd00:52::/64 via fd00:51::9",
                        "wide")
                .ok();
        containers.run("three", "wide", "--mac-address", "02:00:00:00:00:33");
        containers.run("four", "wide");
        host.docker("network", "connect", "mynet", "three").ok();
        var before = containers.inside("three");
        for (var network : List.of("wide", "mynet")) {
            fabric.ip("link del veth-" + containers.endpoint("three", network).substring(0, 10));
            isPutBack("three", network);
            assertThat(containers.inside("three")).isEqualTo(before);
        }
        containers.ping("three", "two");
        containers.ping("three", "four");
        containers.ping("four", containers.address6("three", "wide"));
    }

    @Test
    void the_containers_end_that_is_removed_is_put_back(Host host) {
        var before = containers.inside("one");
        host.sh("nsenter -t $(docker inspect -f '{{.State.Pid}}' one) -n ip link del eth0")
                .ok();
        isPutBack("one", "mynet");
        assertThat(containers.inside("one")).isEqualTo(before);
        containers.ping("two", "one");
    }

    @Test
    void a_container_whose_port_was_put_back_can_be_disconnected_and_connected_and_removed(Host host) {
        var port = port("one");
        fabric.ip("link del " + port);
        Eventually.isTrue("the port is back", () -> fabric.links().contains(port));
        host.docker("network", "disconnect", "mynet", "one").ok();
        assertThat(containers.exec("one", "ls", "/sys/class/net").text()).isEqualTo("lo");
        host.docker("network", "connect", "mynet", "one").ok();
        containers.ping("one", "two");
        host.docker("rm", "-f", "one").ok();
        assertThat(fabric.ports(fabric.bridge())).containsExactly(port("two"));
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
    void everything_that_is_removed_at_once_comes_back(Host host) {
        var before = containers.inside("one");
        host.sh("for l in $(ip netns exec weft ls /sys/class/net); do ip netns exec weft ip link del $l; done");
        Eventually.isTrue(
                "the bridge is back with both ports",
                () -> fabric.links().size() == 3
                        && fabric.ports(fabric.bridge()).size() == 2);
        assertThat(containers.inside("one")).isEqualTo(before);
        containers.ping("one", "two");
    }

    @Test
    void the_pin_of_the_fabric_that_is_removed_is_put_back_at_the_next_look_and_packets_flow_on(Host host)
            throws IOException {
        new AgentSettings(host).startWith("reconcile.interval = '5s'");
        host.weft("reconcile").ok(); // it has opened the namespace by now
        host.sh("ip netns del weft").ok();
        Eventually.isTrue(
                "the pin is back", () -> host.sh("ip netns exec weft true").exitCode() == 0);
        host.killAgent();
        containers.ping("one", "two");
        host.startAgent();
        containers.run("three", "mynet");
        containers.ping("three", "one");
        new AgentSettings(host).startWithDefaults();
    }

    @Test
    void a_fabric_that_was_removed_while_no_agent_held_it_is_made_again_with_all_links(Host host) {
        var before = containers.inside("one");
        host.killAgent();
        host.sh("ip netns del weft").ok();
        host.startAgent();
        host.weft("reconcile").ok();
        Eventually.isTrue(
                "the bridge is back with both ports",
                () -> fabric.links().size() == 3
                        && fabric.ports(fabric.bridge()).size() == 2);
        assertThat(containers.inside("one")).isEqualTo(before);
        containers.ping("one", "two");
    }

    @Test
    void an_isolated_port_is_isolated_again(Host host) {
        host.docker(
                        "network",
                        "create",
                        "-d",
                        "weft",
                        "--internal",
                        "-o",
                        "com.docker.network.bridge.enable_icc=false",
                        "apart")
                .ok();
        containers.run("three", "apart");
        var port = "veth-" + containers.endpoint("three", "apart").substring(0, 10);
        assertThat(fabric.shown(port)).contains("isolated on");
        host.sh("ip netns exec weft bridge link set dev " + port + " isolated off")
                .ok();
        Eventually.isTrue("the port is isolated", () -> fabric.shown(port).contains("isolated on"));
    }

    @Test
    void a_link_with_our_mark_that_is_of_nothing_on_record_is_told_and_left_alone(Host host) {
        fabric.ip("link add stray type bridge");
        fabric.ip("link set stray alias 'weft endpoint 99'");
        var stray = fabric.shown("stray");
        Eventually.isTrue(
                "the log tells of it",
                () -> host.agentLog().contains("links with the alias \"weft endpoint 99\" are of nothing on record"));
        assertThat(host.weft("reconcile").ok().out()).contains("everything is as recorded");
        assertThat(fabric.shown("stray")).isEqualTo(stray);
        fabric.ip("link del stray");
    }
}
