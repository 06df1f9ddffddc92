package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a person reads who asks for what cannot be.
@Tag("system")
@DockerHosts(1)
@DisplayNameGeneration(ReplaceUnderscores.class)
class S110RefusalsTest {
    private static final String KNOWN = "com.docker.network.bridge.enable_icc, com.docker.network.driver.mtu,"
            + " egress_rate, flood, host_access, ingress_rate, mode, routes, scope, vni, weft.network";

    @BeforeAll
    static void startAgent(Host host) {
        host.startAgent();
    }

    @Test
    void unknown_options_are_refused_with_the_known_ones_and_nothing_is_left(Host host) {
        var refusal = host.docker("network", "create", "-d", "weft", "-o", "mtuu=1400", "-o", "vlan=5", "mynet");
        assertThat(refusal.exitCode()).isNotZero();
        assertThat(refusal.err())
                .contains("unknown option 'mtuu'; known: " + KNOWN + "; unknown option 'vlan'; known: " + KNOWN + ".");
        assertThat(host.docker("network", "ls", "-q", "-f", "driver=weft").ok().text())
                .isEmpty();
        assertThat(new Fabric(host).links()).isEmpty();
    }

    @Test
    void an_unknown_mode_is_refused_with_the_known_ones(Host host) {
        assertThat(host.docker("network", "create", "-d", "weft", "-o", "mode=vlan", "mynet")
                        .err())
                .contains("cannot create the network: unknown mode 'vlan'; known: vxlan, macvlan, ipvlan.");
    }

    @Test
    void an_MTU_that_the_host_cannot_carry_is_refused_with_the_range(Host host) {
        assertThat(host.docker("network", "create", "-d", "weft", "-o", "com.docker.network.driver.mtu=1500", "mynet")
                        .err())
                .contains("from 68 to 1450 on this host (default route over eth0, MTU 1500)");
    }

    @Test
    void a_link_of_somebody_else_in_our_place_is_named_and_left_alone(Host host) {
        var id = host.docker("network", "create", "-d", "weft", "--internal", "mynet")
                .ok()
                .text();
        var bridge = "br-" + id.substring(0, 12);
        var fabric = new Fabric(host);
        host.sh("ip netns exec weft sh -c 'ip link del " + bridge + "; ip link add " + bridge + " type bridge;"
                        + " ip link set " + bridge + " alias mine'")
                .ok();
        var run = host.docker("run", "--rm", "--network", "mynet", "busybox", "true");
        assertThat(run.exitCode()).isNotZero();
        assertThat(run.err())
                .contains("link " + bridge + " exists and is not what Weft made (its alias is 'mine',")
                .contains("rename or remove it");
        fabric.ip("link del " + bridge);
        host.docker("run", "--rm", "--network", "mynet", "busybox", "true").ok();
    }
}
