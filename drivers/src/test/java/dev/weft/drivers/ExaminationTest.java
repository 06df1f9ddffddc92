package dev.weft.drivers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.drivers.neighbors.Neighbors;
import dev.weft.drivers.plan.ScriptedKernel;
import dev.weft.drivers.plan.Step;
import dev.weft.drivers.vxlan.VxlanModes;
import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.inet.Subnet;
import dev.weft.plugin.CreateEndpointRequest;
import dev.weft.plugin.CreateNetworkRequest;
import dev.weft.plugin.EndpointKey;
import dev.weft.plugin.EndpointOptions;
import dev.weft.plugin.IpamData;
import dev.weft.plugin.JoinRequest;
import dev.weft.state.Registry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The comparison that only looks.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ExaminationTest {
    private static final EndpointKey ENDPOINT = new EndpointKey("0123456789abcdef", "fedcba9876543210");

    @TempDir
    Path folder;

    private final ScriptedKernel kernel = new ScriptedKernel();
    private Registry registry;
    private WeftDriver driver;

    @BeforeEach
    void a_network_with_a_container() {
        registry = Registry.open(folder);
        driver = new WeftDriver(
                registry,
                kernel,
                VxlanModes.alone(),
                Neighbors.NONE,
                AddressClaims.NONE,
                new Random(42),
                () -> Instant.EPOCH);
        var pool = new IpamData("LocalDefault", Subnet.parse("10.1.0.0/16"), null, Map.of());
        driver.createNetwork(
                new CreateNetworkRequest(ENDPOINT.networkId(), Map.of(), false, true, false, List.of(pool), List.of()));
        driver.createEndpoint(
                new CreateEndpointRequest(ENDPOINT, Cidr.parse("10.1.0.2/16"), null, null, EndpointOptions.NONE));
        driver.join(new JoinRequest(ENDPOINT, "/var/run/docker/netns/1", EndpointOptions.NONE));
        driver.learnName(ENDPOINT.networkId(), "mynet");
        driver.learnContainer(ENDPOINT, "web");
    }

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void where_all_is_as_recorded_there_is_nothing_to_tell() {
        var examination = driver.examine();
        assertThat(examination.deviations()).isEmpty();
        assertThat(examination.strangers()).isEmpty();
    }

    @Test
    void what_is_not_as_recorded_is_told_and_not_mended() {
        kernel.lose(new Step.CreateBridge("br-0123456789ab", 1450, "weft network 0123456789abcdef"));
        var station = new Step.AddStation("veth-fedcba9876", MacAddress.parse("02:42:0a:01:00:02"));
        kernel.lose(station);
        kernel.strayAliases.add("weft endpoint 99");
        var before = List.copyOf(kernel.inForce);
        var examination = driver.examine();
        assertThat(examination.deviations())
                .containsExactly(
                        new Deviation(
                                "network mynet",
                                new Step.CreateBridge("br-0123456789ab", 1450, "weft network 0123456789abcdef")),
                        new Deviation("container web", station));
        assertThat(examination.strangers()).containsExactly("weft endpoint 99");
        assertThat(kernel.inForce).containsExactlyElementsOf(before);
    }
}
