package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import dev.weft.lab.InUserModeLinux;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Containers on a LAN with `-o mode=ipvlan`, on VLANs, and on links that lead nowhere: in a kernel that has them.
@Tag("system")
@InUserModeLinux
@DockerHosts(value = 1, engine = "20.10")
@DisplayNameGeneration(ReplaceUnderscores.class)
class S151IpvlanTest {
    private Containers containers;

    @BeforeAll
    static void startAgent(Host host) {
        host.startAgent();
    }

    @BeforeEach
    void use(Host host) {
        containers = new Containers(host);
    }

    private static void create(Host host, String name, String options) {
        host.sh("docker network create -d weft -o probe=off " + options + " " + name)
                .ok();
    }

    private static String accessAt(String address) {
        return "-o host_access=true --aux-address host=" + address;
    }

    private String inside(String container, String command) {
        return containers.exec(container, "sh", "-c", command).text();
    }

    @Test
    void l2_is_on_the_LAN_of_the_parent_and_has_its_MAC_address(Host host) {
        create(
                host,
                "lan",
                "-o mode=ipvlan -o parent=eth0 --subnet 10.77.0.0/24 --gateway 10.77.0.254 " + accessAt("10.77.0.200"));
        containers.run("one", "lan", "--ip", "10.77.0.101");
        containers.run("two", "lan", "--ip", "10.77.0.102");
        containers.ping("one", "10.77.0.102");
        containers.ping("one", "10.77.0.254");
        containers.ping("one", "10.77.0.200");
        host.sh("busybox ping -c 1 -W 5 10.77.0.101").ok();
        assertThat(inside("one", "cat /sys/class/net/eth0/address"))
                .isEqualTo(host.sh("cat /sys/class/net/eth0/address").ok().text());
        assertThat(inside("one", "ip route")).contains("default via 10.77.0.254");
        assertThat(host.docker("run", "--network", "lan", "--mac-address", "02:00:00:00:00:77", "busybox", "true")
                        .err())
                .contains("have the MAC address of their parent");
    }

    @Test
    void l3_routes_without_a_gateway_and_the_host_has_access(Host host) {
        host.sh("ip link add d3 type dummy; ip link set d3 up").ok();
        create(
                host,
                "routed",
                "-o mode=ipvlan -o ipvlan_mode=l3 -o parent=d3 --subnet 10.60.0.0/24 " + accessAt("10.60.0.200"));
        containers.run("one", "routed", "--ip", "10.60.0.11");
        containers.run("two", "routed", "--ip", "10.60.0.12");
        containers.ping("one", "10.60.0.12");
        containers.ping("one", "10.60.0.200");
        host.sh("busybox ping -c 1 -W 5 10.60.0.11").ok();
        assertThat(inside("one", "ip route")).contains("default dev eth0").doesNotContain(" via ");
        assertThat(host.sh("docker network create -d weft -o mode=ipvlan -o parent=d3 other")
                        .err())
                .contains("which has ipvlan_mode=l3");
        assertThat(host.sh("docker network create -d weft -o mode=macvlan -o parent=d3 other")
                        .err())
                .contains("is of mode ipvlan, and a parent has links of one kind only");
    }

    @Test
    void links_of_Dockers_own_driver_keep_their_mode(Host host) {
        host.sh("ip link add d6 type dummy; ip link set d6 up").ok();
        host.sh("docker network create -d ipvlan -o ipvlan_mode=l3 -o parent=d6 --subnet 10.67.0.0/24 theirs")
                .ok();
        containers.run("one", "theirs");
        assertThat(host.sh("docker network create -d weft -o mode=ipvlan -o parent=d6 ours")
                        .err())
                .contains("link d6 is taken: ");
        assertThat(link(host, "one")).contains("ipvlan  mode l3 ");
    }

    private static String link(Host host, String container) {
        return host.sh("nsenter -t $(docker inspect -f '{{.State.Pid}}' " + container + ") -n ip -d link show eth0")
                .ok()
                .text();
    }

    @Test
    void l3s_and_the_flags_are_set_as_they_are_asked_for(Host host) {
        host.sh("ip link add d4 type dummy; ip link set d4 up").ok();
        create(
                host,
                "strict",
                "-o mode=ipvlan -o ipvlan_mode=l3s -o ipvlan_flag=private -o parent=d4 --subnet 10.61.0.0/24");
        containers.run("one", "strict", "--ip", "10.61.0.11");
        containers.run("two", "strict", "--ip", "10.61.0.12");
        assertThat(link(host, "one")).contains("ipvlan  mode l3s private");
        assertThat(containers.reaches("one", "10.61.0.12")).isFalse();
        host.docker("rm", "-f", "one", "two").ok();
        host.docker("network", "rm", "strict").ok();
        create(
                host,
                "strict",
                "-o mode=ipvlan -o ipvlan_mode=l3s -o parent=d4 --subnet 10.61.0.0/24 " + accessAt("10.61.0.200"));
        containers.run("one", "strict", "--ip", "10.61.0.11");
        containers.ping("one", "10.61.0.200");
        host.sh("busybox ping -c 1 -W 5 10.61.0.11").ok();
    }

    @Test
    void a_VLAN_is_made_shared_and_removed_with_its_last_network_and_never_if_a_person_made_it(Host host) {
        host.sh("ip link add d5 type dummy; ip link set d5 up; ip link add link d5 name d5.30 type vlan id 30")
                .ok();
        create(host, "first", "-o mode=macvlan -o parent=d5.20 --subnet 10.62.0.0/24");
        create(host, "second", "-o mode=macvlan -o parent=d5.20 --subnet 10.63.0.0/24");
        create(host, "persons", "-o mode=macvlan -o parent=d5.30 --subnet 10.64.0.0/24");
        assertThat(host.sh("ip -d link show d5.20").ok().text())
                .contains("vlan protocol 802.1Q id 20")
                .contains("UP");
        containers.run("one", "first", "--ip", "10.62.0.11");
        containers.run("two", "first", "--ip", "10.62.0.12");
        containers.ping("one", "10.62.0.12");
        host.docker("network", "rm", "second").ok();
        containers.ping("one", "10.62.0.12");
        host.sh("ip link del d5.20").ok();
        Eventually.isTrue("VLAN and links are there again", () -> containers.reaches("one", "10.62.0.12"));
        host.docker("rm", "-f", "one", "two").ok();
        host.docker("network", "rm", "first", "persons").ok();
        assertThat(host.sh("ip link show d5.20").exitCode()).isNotZero();
        host.sh("ip link show d5.30").ok();
    }

    @Test
    void without_a_parent_containers_reach_each_other_and_nobody_else(Host host) {
        for (var mode : List.of("macvlan", "ipvlan")) {
            create(host, "inner", "-o mode=" + mode + " --subnet 10.65.0.0/24");
            containers.run("one", "inner", "--ip", "10.65.0.11");
            containers.run("two", "inner", "--ip", "10.65.0.12");
            containers.ping("one", "10.65.0.12");
            assertThat(inside("one", "ip route")).doesNotContain("default");
            assertThat(inside("one", "ls /sys/class/net").split("\\s+")).containsExactlyInAnyOrder("eth0", "lo");
            host.docker("rm", "-f", "one", "two").ok();
            host.docker("network", "rm", "inner").ok();
            assertThat(host.sh("ip link").ok().text()).doesNotContain("wdum-");
        }
    }
}
