package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import dev.weft.lab.InUserModeLinux;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A kernel with what the machine's own may lack, in which engine and agent work as on any other; names of containers
/// are not found in it, for it has no iptables.
@Tag("system")
@InUserModeLinux
@DockerHosts(value = 1, engine = "20.10")
@DisplayNameGeneration(ReplaceUnderscores.class)
class S450OtherKernelTest {
    @BeforeAll
    static void startAgent(Host host) {
        host.startAgent();
        host.sh("ip link add d0 type dummy && ip link set d0 up").ok();
    }

    private static void twoReachEachOther(Host host, String network) {
        var containers = new Containers(host);
        containers.run("one", network);
        containers.run("two", network);
        containers.ping("two", containers.address("one", network));
    }

    @Test
    void Dockers_own_ipvlan_joins_two_containers(Host host) {
        host.docker("network", "create", "-d", "ipvlan", "-o", "parent=d0", "mynet")
                .ok();
        twoReachEachOther(host, "mynet");
    }

    @Test
    void Dockers_own_ipvlan_makes_a_VLAN_sub_interface_and_removes_it(Host host) {
        host.docker("network", "create", "-d", "ipvlan", "-o", "parent=d0.20", "mynet")
                .ok();
        assertThat(host.sh("ip -d link show d0.20").ok().out()).contains("vlan protocol 802.1Q id 20");
        host.docker("network", "rm", "mynet").ok();
        assertThat(host.sh("ip link show d0.20").exitCode()).isNotZero();
    }

    @Test
    void a_weft_network_joins_two_containers(Host host) {
        host.docker("network", "create", "-d", "weft", "mynet").ok();
        twoReachEachOther(host, "mynet");
    }
}
