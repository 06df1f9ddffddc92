package dev.weft.drivers;

import static dev.weft.drivers.TestDriver.NETWORK;
import static dev.weft.drivers.TestDriver.ONE;
import static dev.weft.drivers.TestDriver.OTHER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.drivers.neighbors.Neighbors;
import dev.weft.drivers.plan.TwoNamespaces;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Containers with one MAC address on a running kernel's bridge, which knows one port for it.
@Tag("kernel")
@DisplayNameGeneration(ReplaceUnderscores.class)
class SharedMacTest {
    private static final String MAC = "02:00:00:00:00:05";
    private static final String PORT = "veth-77e1d0c3b2";
    private static final String OTHER_PORT = "veth-0123456789";
    private static final String PROBLEM = "network lan: container db and container web have the same MAC address " + MAC
            + ", and the last to join gets what is for it; give one of them another --mac-address.";

    @TempDir
    Path folder;

    private TwoNamespaces namespaces;
    private Registry registry;
    private WeftDriver driver;

    @BeforeEach
    void two_containers_with_the_same_MAC_address() throws Exception {
        namespaces = TwoNamespaces.make();
        registry = Registry.open(folder);
        driver = new WeftDriver(
                registry,
                namespaces.kernel,
                VxlanModes.alone(),
                Neighbors.NONE,
                AddressClaims.NONE,
                new Random(42),
                () -> Instant.EPOCH);
        var pool = new IpamData("LocalDefault", Subnet.parse("10.1.0.0/16"), Cidr.parse("10.1.0.1/16"), Map.of());
        driver.createNetwork(new CreateNetworkRequest(
                NETWORK, Map.of("host_access", "true"), true, true, false, List.of(pool), List.of()));
        driver.learnName(NETWORK, "lan");
        join(ONE, "10.1.0.2/16", MAC, "web");
        join(OTHER, "10.1.0.3/16", MAC, "db");
    }

    private void join(EndpointKey key, String address, String mac, String container) {
        driver.createEndpoint(
                new CreateEndpointRequest(key, Cidr.parse(address), null, MacAddress.parse(mac), EndpointOptions.NONE));
        driver.join(new JoinRequest(key, "/var/run/docker/netns/0123456789ab", EndpointOptions.NONE));
        driver.learnContainer(key, container);
    }

    @AfterEach
    void close() {
        if (namespaces != null) {
            registry.close();
            namespaces.close();
        }
    }

    private String fdb() {
        return namespaces.inFabric("bridge fdb show br br-5a3f0c2b9d1e");
    }

    private void isToldAndLeftAlone() {
        for (int round = 0; round < 2; round++) {
            var outcome = driver.reconcile();
            assertThat(outcome.repairs()).isEmpty();
            assertThat(outcome.problems()).containsExactly(PROBLEM);
        }
        assertThat(driver.examine().deviations()).isEmpty();
    }

    @Test
    void the_last_to_join_has_it_and_that_is_told_and_not_mended() {
        isToldAndLeftAlone();
        assertThat(fdb()).contains(MAC + " dev " + OTHER_PORT).doesNotContain(MAC + " dev " + PORT);
    }

    @Test
    void it_is_told_in_the_same_words_whichever_of_them_has_it() {
        namespaces.inFabric("bridge fdb replace " + MAC + " dev " + PORT + " master static");
        isToldAndLeftAlone();
        assertThat(fdb()).contains(MAC + " dev " + PORT);
    }

    @Test
    void what_else_is_amiss_is_mended_and_does_not_take_it_from_the_last() {
        namespaces.inFabric("ip link set " + PORT + " mtu 1300");
        var outcome = driver.reconcile();
        assertThat(outcome.repairs()).hasSize(1).first().asString().startsWith("ip link set " + PORT);
        assertThat(fdb()).contains(MAC + " dev " + OTHER_PORT);
        isToldAndLeftAlone();
    }

    @Test
    void one_that_nobody_has_is_mended_once() {
        namespaces.inFabric("bridge fdb del " + MAC + " dev " + OTHER_PORT + " master");
        assertThat(driver.reconcile().repairs()).isNotEmpty();
        isToldAndLeftAlone();
    }

    @Test
    void when_the_last_to_join_has_left_the_other_has_it() {
        driver.leave(OTHER);
        assertThat(driver.reconcile().repairs())
                .extracting(Object::toString)
                .containsExactly("bridge fdb replace " + MAC + " dev " + PORT + " master static");
        var outcome = driver.reconcile();
        assertThat(outcome.repairs()).isEmpty();
        assertThat(outcome.problems()).isEmpty();
    }

    @Test
    void a_container_may_have_the_hosts_too() {
        driver.leave(OTHER);
        driver.leave(ONE);
        driver.reconcile();
        var third = new EndpointKey(NETWORK, "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210");
        join(third, "10.1.0.4/16", "02:77:0a:01:00:01", "mail");
        for (int round = 0; round < 2; round++) {
            var outcome = driver.reconcile();
            assertThat(outcome.repairs()).isEmpty();
            assertThat(outcome.problems())
                    .containsExactly("network lan: container mail and the host have the same MAC address"
                            + " 02:77:0a:01:00:01, and the last to join gets what is for it; give one of them another"
                            + " --mac-address.");
        }
    }
}
