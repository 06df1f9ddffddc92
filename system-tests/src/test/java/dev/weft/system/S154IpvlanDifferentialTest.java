package dev.weft.system;

import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import dev.weft.lab.InUserModeLinux;
import dev.weft.lab.Lab;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The same commands with Docker's own ipvlan driver and with `-o mode=ipvlan`, and networks of both modes on VLANs, in
/// a kernel that has them.
@Tag("system")
@InUserModeLinux
@DockerHosts(value = 1, engine = "20.10")
@DisplayNameGeneration(ReplaceUnderscores.class)
class S154IpvlanDifferentialTest {
    @BeforeAll
    static void prepare(Lab lab, Host host) {
        lab.run("ip", "link", "add", "link", "br0", "name", "br0.20", "type", "vlan", "id", "20")
                .ok();
        lab.run("sh", "-c", "ip addr add 10.79.0.254/24 dev br0.20; ip link set br0.20 up")
                .ok();
        host.sh("ip link add d3 type dummy; ip link set d3 up").ok();
        new LanScript(lab, host).prepare();
    }

    static Stream<LanCase> networks() {
        return LanCase.ofOtherKernels(Boolean.getBoolean("weft.long"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void all_is_as_with_Dockers_own_driver(LanCase network, Lab lab, Host host) {
        new LanScript(lab, host).compare(network);
    }
}
