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

/// Containers on the LAN of two hosts, with `-o mode=macvlan`. The lab's switch is a third machine on that LAN.
@Tag("system")
@DockerHosts(2)
@DisplayNameGeneration(ReplaceUnderscores.class)
class S150MacvlanTest {
    private static final String SWITCH = "10.77.0.254";
    private static final String SWITCH6 = "fd77::fe";

    private Containers containers;

    @BeforeAll
    static void startAgents(List<Host> hosts) {
        hosts.forEach(Host::startAgent);
    }

    @BeforeEach
    void use(Host host) {
        containers = new Containers(host);
    }

    private static void create(Host host, String name, String options) {
        host.sh("docker network create -d weft -o mode=macvlan --subnet 10.77.0.0/24 --gateway " + SWITCH + " "
                        + options + " " + name)
                .ok();
    }

    private static String inside(Containers containers, String container, String... command) {
        return containers.exec(container, command).ok().text();
    }

    @Test
    void containers_of_both_hosts_reach_each_other_and_every_machine_of_the_LAN(Lab lab, List<Host> hosts) {
        var other = new Containers(hosts.get(1));
        for (var host : hosts) {
            create(host, "lan", "-o parent=eth0 --ipv6 --subnet fd77::/64 --gateway " + SWITCH6);
        }
        containers.run("one", "lan", "--ip", "10.77.0.101", "--ip6", "fd77::101");
        containers.run("two", "lan", "--ip", "10.77.0.102", "--ip6", "fd77::102");
        other.run("three", "lan", "--ip", "10.77.0.103", "--ip6", "fd77::103");
        for (var address : List.of("10.77.0.102", "10.77.0.103", SWITCH, "fd77::102", "fd77::103", SWITCH6)) {
            containers.ping("one", address);
        }
        other.ping("three", "10.77.0.101");
        lab.run("busybox", "ping", "-c", "1", "-W", "5", "10.77.0.101").ok();
        lab.run("busybox", "ping", "-c", "1", "-W", "5", "fd77::103").ok();
        assertThat(inside(containers, "one", "ip", "route")).contains("default via " + SWITCH);
        assertThat(inside(containers, "one", "ip", "-6", "route")).contains("default via " + SWITCH6);
        assertThat(inside(containers, "one", "ls", "/sys/class/net").split("\\s+"))
                .containsExactlyInAnyOrder("eth0", "lo");
    }

    @Test
    void the_host_reaches_its_containers_where_it_has_access_and_only_there(List<Host> hosts) {
        var host = hosts.getFirst();
        create(host, "lan", "-o parent=eth0");
        containers.run("one", "lan", "--ip", "10.77.0.101");
        assertThat(host.sh("busybox ping -c 1 -W 1 10.77.0.101").exitCode()).isNotZero();
        host.docker("rm", "-f", "one").ok();
        host.docker("network", "rm", "lan").ok();
        create(host, "lan", "-o parent=eth0 -o host_access=true --aux-address host=10.77.0.200");
        containers.run("one", "lan", "--ip", "10.77.0.101");
        containers.run("two", "lan", "--ip", "10.77.0.102");
        host.sh("busybox ping -c 1 -W 5 10.77.0.101").ok();
        containers.ping("one", "10.77.0.200");
        containers.ping("one", host.address());
        assertThat(host.sh("ip route show dev $(ls /sys/class/net | grep ^whost-)")
                        .ok()
                        .text())
                .contains("10.77.0.101")
                .contains("10.77.0.102");
        host.docker("rm", "-f", "two").ok();
        assertThat(host.sh("ip route").ok().text()).contains("10.77.0.101 ").doesNotContain("10.77.0.102");
        host.docker("rm", "-f", "one").ok();
        host.docker("network", "rm", "lan").ok();
        assertThat(host.sh("ip link").ok().text()).doesNotContain("whost-");
    }

    @Test
    void a_network_without_gateway_access_or_parent_is_refused_with_the_reason(List<Host> hosts) {
        var host = hosts.getFirst();
        assertThat(host.sh("docker network create -d weft -o mode=macvlan -o parent=eth7 lan")
                        .err())
                .contains("option 'parent' is 'eth7'; there is no such link on this host")
                .contains("eth0");
        assertThat(host.sh(
                                "docker network create -d weft -o mode=macvlan -o parent=eth0 -o host_access=true --subnet 10.77.0.0/24 lan")
                        .err())
                .contains("set one aside with --aux-address host=ADDRESS");
        assertThat(host.sh(
                                "docker network create -d weft -o mode=macvlan -o parent=eth0 -o macvlan_mode=passthru -o host_access=true lan")
                        .err())
                .contains("there is one link on the parent");
    }

    @Test
    void what_the_kernel_lacks_is_named_when_the_network_is_made(List<Host> hosts) {
        var host = hosts.getFirst();
        host.sh("ip link add p0 type veth peer name p1; ip link set p0 up").ok();
        isMadeOrLacking(host, "link p0 name try0 type ipvlan", "-o mode=ipvlan -o parent=p0", "ipvlan", "ipvlan");
        isMadeOrLacking(host, "link p0 name try0 type vlan id 9", "-o mode=macvlan -o parent=p0.20", "vlan", "8021q");
        isMadeOrLacking(host, "name try0 type dummy", "-o mode=macvlan", "dummy", "dummy");
        host.sh("ip link del p0").ok();
        assertThat(host.docker("network", "ls", "-q", "-f", "driver=weft").ok().text())
                .isEmpty();
    }

    private static void isMadeOrLacking(Host host, String link, String options, String kind, String module) {
        boolean has = host.sh("ip link add " + link + " && ip link del try0").exitCode() == 0;
        var made = host.sh("docker network create -d weft " + options + " lan");
        if (has) {
            made.ok();
            host.docker("network", "rm", "lan").ok();
        } else {
            assertThat(made.err())
                    .contains("this kernel has no links of kind '" + kind + "': load its module with 'modprobe "
                            + module + "'");
        }
    }

    @Test
    void passthru_has_its_parent_alone_in_either_order(List<Host> hosts) {
        var host = hosts.getFirst();
        host.sh("ip link add p0 type veth peer name p1; ip link set p0 up; ip link set p1 up")
                .ok();
        create(host, "shared", "-o parent=p0");
        assertThat(host.sh("docker network create -d weft -o mode=macvlan -o parent=p0 -o macvlan_mode=passthru alone")
                        .err())
                .contains("parent p0 is that of network");
        host.docker("network", "rm", "shared").ok();
        create(host, "alone", "-o parent=p0 -o macvlan_mode=passthru");
        assertThat(host.sh("docker network create -d weft -o mode=macvlan -o parent=p0 shared")
                        .err())
                .contains("has it alone (macvlan_mode=passthru)");
        containers.run("one", "alone");
        assertThat(host.docker("run", "-d", "--network", "alone", "busybox", "top")
                        .err())
                .contains("one container, on a parent of its own");
        host.docker("rm", "-f", "one").ok();
        host.docker("network", "rm", "alone").ok();
        host.sh("ip link del p0").ok();
    }

    @Test
    void a_link_that_went_with_its_parent_comes_back_with_it(List<Host> hosts) {
        var host = hosts.getFirst();
        host.sh("ip link add p0 type veth peer name p1; ip link set p0 up; ip link set p1 up")
                .ok();
        create(host, "lan", "-o parent=p0 -o host_access=true --aux-address host=10.77.0.200");
        containers.run("one", "lan", "--ip", "10.77.0.101");
        containers.run("two", "lan", "--ip", "10.77.0.102");
        host.sh("ip link del p0").ok();
        Eventually.isTrue(
                "the missing parent is told", () -> host.weft("status").text().contains("link p0 is not on this host"));
        host.sh("ip link add p0 type veth peer name p1; ip link set p0 up; ip link set p1 up")
                .ok();
        Eventually.isTrue("the containers reach each other", () -> containers.reaches("one", "10.77.0.102"));
        Eventually.isTrue(
                "the host reaches them",
                () -> host.sh("busybox ping -c 1 -W 1 10.77.0.101").exitCode() == 0);
        assertThat(inside(containers, "one", "ip", "route")).contains("default via " + SWITCH);
        host.sh("ip link set p0 down; ip link set p0 up").ok();
        containers.ping("one", "10.77.0.102");
        host.sh("ip link del $(ls /sys/class/net | grep ^whost-)").ok();
        Eventually.isTrue(
                "the host reaches them",
                () -> host.sh("busybox ping -c 1 -W 1 10.77.0.101").exitCode() == 0);
        host.sh("ip link set p0 down; ip link set p0 name p7; ip link set p7 up")
                .ok();
        Eventually.isTrue(
                "the missing parent is told", () -> host.weft("status").text().contains("link p0 is not on this host"));
        containers.ping("one", "10.77.0.102");
        host.sh("ip link set p7 down; ip link set p7 name p0; ip link set p0 up")
                .ok();
        Eventually.isTrue("all is in order again", () -> host.weft("status").exitCode() == 0);
        host.docker("rm", "-f", "one", "two").ok();
        host.docker("network", "rm", "lan").ok();
        host.sh("ip link del p0").ok();
    }

    @Test
    void a_container_comes_back_after_the_agent_and_the_engine_were_restarted(List<Host> hosts) {
        var host = hosts.getFirst();
        create(host, "lan", "-o parent=eth0");
        containers.run("one", "lan", "--ip", "10.77.0.101", "--restart", "always");
        host.killAgent();
        host.startAgent();
        containers.ping("one", SWITCH);
        host.restartEngine();
        Eventually.isTrue("the container runs again", () -> containers.reaches("one", SWITCH));
        host.docker("restart", "one").ok();
        containers.ping("one", SWITCH);
        host.docker("network", "disconnect", "lan", "one").ok();
        host.docker("network", "connect", "--ip", "10.77.0.105", "lan", "one").ok();
        containers.ping("one", SWITCH);
        assertThat(host.sh("ip -o link").ok().text()).doesNotContain("weft-");
    }
}
