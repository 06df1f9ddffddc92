package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import dev.weft.lab.Lab;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a container on a Weft network can reach, and what can reach it.
@Tag("system")
@DockerHosts(1)
@DisplayNameGeneration(ReplaceUnderscores.class)
class S100ConnectivityTest {
    private Containers containers;

    @BeforeAll
    static void startAgent(Host host) {
        host.startAgent();
    }

    @BeforeEach
    void use(Host host) {
        containers = new Containers(host);
    }

    @Test
    void containers_find_each_other_by_name_and_by_address(Host host) {
        host.docker("network", "create", "--driver", "weft", "mynet").ok();
        containers.run("one", "mynet");
        containers.run("two", "mynet");
        containers.ping("one", "two");
        containers.ping("one", containers.address("two", "mynet"));
        containers.ping("two", containers.address("one", "mynet"));
    }

    @Test
    void networks_do_not_reach_each_other(Host host) {
        host.docker("network", "create", "-d", "weft", "--internal", "left").ok();
        host.docker("network", "create", "-d", "weft", "--internal", "right").ok();
        containers.run("one", "left");
        containers.run("two", "right");
        // With routes to each other only their bridges keep them apart.
        route(host, "one", containers.address("two", "right"));
        route(host, "two", containers.address("one", "left"));
        assertThat(containers.reaches("one", containers.address("two", "right")))
                .isFalse();
    }

    private static void route(Host host, String container, String address) {
        host.sh("nsenter -t $(docker inspect -f '{{.State.Pid}}' " + container + ") -n ip route add " + address
                        + "/32 dev eth0")
                .ok();
    }

    @Test
    void a_container_gets_out_through_the_host_and_its_published_port_is_reached_from_elsewhere(Lab lab, Host host) {
        host.docker("network", "create", "-d", "weft", "mynet").ok();
        containers.run("web", "mynet", "-p", "8080:80");
        containers.serve("web", "hello from weft");
        assertThat(host.sh("wget -q -O - http://127.0.0.1:8080/").ok().text()).isEqualTo("hello from weft");
        containers.ping("web", "10.77.0.254");
    }

    @Test
    void an_internal_network_has_no_way_out_and_one_interface(Host host) {
        host.docker("network", "create", "-d", "weft", "--internal", "inside").ok();
        containers.run("one", "inside");
        containers.run("two", "inside");
        containers.ping("one", "two");
        assertThat(containers.exec("one", "ip", "route").text()).doesNotContain("default");
        assertThat(containers.exec("one", "ls", "/sys/class/net").text().split("\\s+"))
                .containsExactlyInAnyOrder("eth0", "lo");
    }

    @Test
    void given_addresses_are_used(Host host) {
        host.docker("network", "create", "-d", "weft", "--subnet", "10.50.0.0/24", "mynet")
                .ok();
        containers.run("one", "mynet", "--ip", "10.50.0.77", "--mac-address", "02:00:00:00:00:77");
        containers.run("two", "mynet");
        assertThat(containers.exec("one", "ip", "-o", "addr", "show", "eth0").text())
                .contains("10.50.0.77/24");
        assertThat(containers.exec("one", "cat", "/sys/class/net/eth0/address").text())
                .isEqualTo("02:00:00:00:00:77");
        containers.ping("two", "10.50.0.77");
    }

    @Test
    void a_chosen_MAC_address_follows_the_IP_address(Host host) {
        host.docker("network", "create", "-d", "weft", "--subnet", "10.50.0.0/24", "mynet")
                .ok();
        containers.run("one", "mynet", "--ip", "10.50.0.5");
        assertThat(containers.exec("one", "cat", "/sys/class/net/eth0/address").text())
                .isEqualTo("02:42:0a:32:00:05");
    }

    @Test
    void an_address_may_end_in_zero(Host host) {
        host.docker("network", "create", "-d", "weft", "--subnet", "10.50.0.0/16", "mynet")
                .ok();
        containers.run("one", "mynet", "--ip", "10.50.8.0");
        containers.run("two", "mynet");
        containers.ping("two", "10.50.8.0");
    }

    @Test
    void IPv6_works_beside_IPv4(Host host) {
        host.docker("network", "create", "-d", "weft", "--ipv6", "--subnet", "fd00:50::/64", "mynet")
                .ok();
        containers.run("one", "mynet");
        containers.run("two", "mynet", "--ip6", "fd00:50::77");
        containers.ping("one", "fd00:50::77");
        containers.ping("one", containers.address("two", "mynet"));
    }

    @Test
    void the_MTU_leaves_room_for_VXLAN_and_can_be_given(Host host) {
        host.docker("network", "create", "-d", "weft", "usual").ok();
        host.docker("network", "create", "-d", "weft", "-o", "com.docker.network.driver.mtu=1300", "small")
                .ok();
        containers.run("one", "usual");
        containers.run("two", "small");
        assertThat(containers.exec("one", "cat", "/sys/class/net/eth0/mtu").text())
                .isEqualTo("1450");
        assertThat(containers.exec("two", "cat", "/sys/class/net/eth0/mtu").text())
                .isEqualTo("1300");
    }

    @Test
    void a_container_on_two_networks_reaches_both(Host host) {
        host.docker("network", "create", "-d", "weft", "left").ok();
        host.docker("network", "create", "-d", "weft", "--internal", "right").ok();
        containers.run("middle", "left");
        host.docker("network", "connect", "right", "middle").ok();
        containers.run("one", "left");
        containers.run("two", "right");
        containers.ping("middle", "one");
        containers.ping("middle", "two");
    }

    @Test
    void connecting_and_disconnecting_a_running_container_takes_effect(Host host) {
        host.docker("network", "create", "-d", "weft", "mynet").ok();
        containers.run("one", "mynet");
        host.docker("run", "-d", "--name", "two", "--network", "none", "busybox", "top")
                .ok();
        host.docker("network", "disconnect", "none", "two").ok();
        for (var round : List.of("first", "second")) {
            host.docker("network", "connect", "mynet", "two").ok();
            containers.ping("one", "two");
            host.docker("network", "disconnect", "mynet", "two").ok();
            assertThat(containers.exec("two", "ls", "/sys/class/net").text())
                    .as("%s round", round)
                    .doesNotContain("eth");
        }
    }

    @Test
    void hosts_firewall_rules_do_not_reach_into_a_network(Host host) {
        host.docker("network", "create", "-d", "weft", "--internal", "mynet").ok();
        containers.run("one", "mynet");
        containers.run("two", "mynet");
        host.sh("iptables -I FORWARD -j DROP; iptables -P FORWARD DROP").ok();
        try {
            containers.ping("one", "two");
        } finally {
            host.sh("iptables -D FORWARD -j DROP");
        }
    }

    @Test
    void many_containers_start_at_once(Host host) {
        host.docker("network", "create", "-d", "weft", "--internal", "mynet").ok();
        var starts = host.sh(
                "for i in 1 2 3 4 5 6 7 8; do docker run -d --name c$i --network mynet busybox top & done; wait");
        assertThat(starts.ok().out().lines()).hasSize(8);
        for (int i = 2; i <= 8; i++) {
            containers.ping("c1", "c" + i);
        }
    }

    @Test
    void nothing_of_a_network_is_left_when_it_is_removed(Host host) {
        var before = links(host);
        host.docker("network", "create", "-d", "weft", "--internal", "mynet").ok();
        containers.run("one", "mynet");
        containers.run("two", "mynet");
        assertThat(new Fabric(host).links())
                .hasSize(3)
                .allMatch(link -> link.startsWith("br-") || link.startsWith("veth-"));
        host.docker("rm", "-f", "one", "two").ok();
        host.docker("network", "rm", "mynet").ok();
        assertThat(new Fabric(host).links()).isEmpty();
        assertThat(links(host)).isEqualTo(before);
    }

    /// Of the host. docker_gwbridge stays once it was needed.
    private static String links(Host host) {
        return host.sh("ip -o link | cut -d ' ' -f 2 | grep -v docker_gwbridge")
                .ok()
                .out();
    }
}
