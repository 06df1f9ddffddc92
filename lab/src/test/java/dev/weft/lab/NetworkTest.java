package dev.weft.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("lab")
@DockerHosts(3)
@DisplayNameGeneration(ReplaceUnderscores.class)
class NetworkTest {
    private static boolean reaches(Host from, String address) {
        return from.run("busybox", "ping", "-c", "1", "-W", "1", address).exitCode() == 0;
    }

    /// Right after a partition the neighbor may still be given up.
    private static void awaitReach(Host from, Host to) {
        assertThat(Wait.until(() -> reaches(from, to.address()), Patience.LONG)).isTrue();
    }

    @Test
    void every_host_reaches_every_other_over_both_families(List<Host> hosts) {
        for (Host from : hosts) {
            for (Host to : hosts) {
                assertThat(reaches(from, to.address())).as(from + " to " + to).isTrue();
                assertThat(reaches(from, to.address6())).as(from + " to " + to).isTrue();
            }
        }
        assertThat(hosts).hasSize(3);
    }

    @Test
    void a_host_that_is_cut_off_keeps_its_carrier(Lab lab) {
        Host one = lab.host(1);
        lab.cut(one);
        assertThat(reaches(one, lab.host(2).address())).isFalse();
        assertThat(reaches(lab.host(2), one.address6())).isFalse();
        assertThat(reaches(lab.host(2), lab.host(3).address())).isTrue();
        assertThat(one.sh("cat /sys/class/net/eth0/carrier").ok().text()).isEqualTo("1");
        lab.heal(one);
        awaitReach(one, lab.host(2));
    }

    @Test
    void a_partition_of_a_pair_leaves_the_rest_together(Lab lab) {
        lab.cut(lab.host(1), lab.host(2));
        assertThat(reaches(lab.host(1), lab.host(2).address())).isFalse();
        assertThat(reaches(lab.host(2), lab.host(1).address6())).isFalse();
        assertThat(reaches(lab.host(1), lab.host(3).address())).isTrue();
        assertThat(reaches(lab.host(3), lab.host(2).address())).isTrue();
        lab.heal(lab.host(1), lab.host(2));
        awaitReach(lab.host(1), lab.host(2));
    }

    @Test
    void a_host_sees_its_own_namespaces(Host host) {
        assertThat(host.sh("hostname; ls /sys/class/net | grep -c '^eth'; ls -d /proc/1")
                        .ok()
                        .text())
                .isEqualTo("h1\n1\n/proc/1");
        host.sh("mount --bind /run/netns /run/netns; mount --make-shared /run/netns; ip netns add x; ip netns del x")
                .ok();
    }

    @Test
    @DockerHosts(mtu = 1400)
    void links_have_the_wanted_mtu(Lab lab) {
        assertThat(lab.hosts()).hasSize(1);
        assertThat(lab.host(1).sh("cat /sys/class/net/eth0/mtu").ok().text()).isEqualTo("1400");
    }
}
