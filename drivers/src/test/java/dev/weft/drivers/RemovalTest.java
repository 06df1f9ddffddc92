package dev.weft.drivers;

import static dev.weft.drivers.TestDriver.NETWORK;
import static dev.weft.drivers.TestDriver.ONE;
import static dev.weft.drivers.TestDriver.OTHER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.drivers.plan.Step;
import dev.weft.inet.Cidr;
import dev.weft.plugin.EndpointKey;
import dev.weft.plugin.Refusal;
import dev.weft.state.AddressRecord;
import dev.weft.state.EndpointRecord;
import dev.weft.state.PoolRecord;
import dev.weft.state.Tombstone;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RemovalTest {
    @TempDir
    Path folder;

    private TestDriver test;

    @BeforeEach
    void twoJoinedEndpoints() {
        test = new TestDriver(folder);
        test.createNetwork();
        test.create(ONE, "10.1.0.2/16", "fd01::2/64");
        test.join(ONE);
        test.create(OTHER, "10.1.0.3/16", "fd01::3/64");
        test.join(OTHER);
    }

    @AfterEach
    void close() {
        test.close();
    }

    private List<String> ports() {
        return test.kernel.inForce.stream()
                .filter(Step.CreateVeth.class::isInstance)
                .map(step -> ((Step.CreateVeth) step).port())
                .toList();
    }

    private static String id(EndpointRecord endpoint) {
        return endpoint.id();
    }

    private static EndpointKey third() {
        return new EndpointKey(NETWORK, "third");
    }

    @Test
    void an_endpoint_that_the_engine_no_longer_has_goes_and_a_call_for_it_hears_why() {
        test.driver.removeEndpoint(ONE, "because the engine no longer had it");
        assertThat(ports()).containsExactly("veth-0123456789");
        assertThat(test.registry.endpoints()).extracting(RemovalTest::id).containsExactly(OTHER.endpointId());
        assertThatThrownBy(() -> test.join(ONE))
                .isInstanceOf(Refusal.class)
                .hasMessage("endpoint " + ONE.endpointId() + " was removed because the engine no longer had it at"
                        + " 1970-01-01T00:00:00Z; start the container again.");
    }

    @Test
    void a_network_that_the_engine_no_longer_has_goes_with_its_endpoints_and_a_call_for_it_hears_why() {
        test.driver.learnName(NETWORK, "lan");
        test.driver.removeNetwork(NETWORK, "because the engine no longer had it");
        assertThat(test.kernel.inForce).isEmpty();
        assertThat(test.registry.networks()).isEmpty();
        assertThat(test.registry.endpoints()).isEmpty();
        assertThatThrownBy(() -> test.create(third(), "10.1.0.4/16", "fd01::4/64"))
                .isInstanceOf(Refusal.class)
                .hasMessage("network lan was removed because the engine no longer had it at 1970-01-01T00:00:00Z;"
                        + " remove it from the engine too and create it again.");
    }

    @Test
    void a_network_that_a_person_removed_leaves_word_of_that() {
        test.driver.deleteNetwork(NETWORK);
        assertThat(test.registry.tombstones())
                .containsExactly(
                        new Tombstone(Tombstone.Kind.NETWORK, NETWORK, NETWORK, "by docker network rm", Instant.EPOCH));
    }

    @Test
    void word_of_a_removal_stays_for_a_week() {
        for (var days : List.of(7, 8)) {
            test.registry.put(new Tombstone(
                    Tombstone.Kind.NETWORK, days + "d", "old", "by hand", Instant.EPOCH.minus(Duration.ofDays(days))));
        }
        test.driver.removeEndpoint(ONE, "because the engine no longer had it");
        assertThat(test.registry.tombstones())
                .extracting(Tombstone::id)
                .containsExactlyInAnyOrder("7d", ONE.endpointId());
        test.driver.deleteNetwork(NETWORK);
        assertThat(test.registry.tombstones())
                .extracting(Tombstone::id)
                .containsExactlyInAnyOrder("7d", ONE.endpointId(), NETWORK);
    }

    @Test
    void a_removed_network_can_be_created_again() {
        test.driver.removeNetwork(NETWORK, "because the engine no longer had it");
        test.createNetwork();
        test.create(ONE, "10.1.0.2/16", "fd01::2/64");
        test.join(ONE);
        assertThat(ports()).containsExactly("veth-77e1d0c3b2");
    }

    @Test
    void what_is_not_known_is_no_error_and_leaves_no_word() {
        test.driver.removeNetwork("another", "because the engine no longer had it");
        test.driver.removeEndpoint(third(), "because the engine no longer had it");
        assertThat(test.registry.tombstones()).isEmpty();
    }

    @Test
    void what_the_kernel_does_not_let_go_of_stays_on_record() {
        test.kernel.stickOn(Step.CreateVeth.class::isInstance);
        assertThatThrownBy(() -> test.driver.removeEndpoint(ONE, "because the engine no longer had it"))
                .isInstanceOf(Refusal.class)
                .hasMessage(
                        "cannot remove an endpoint of network " + NETWORK + ": link x does not let go of CreateVeth.");
        assertThat(test.registry.endpoint(ONE.endpointId())).isPresent();
        assertThat(test.registry.tombstones()).isEmpty();
    }

    @Test
    void an_address_that_the_engine_gives_again_takes_what_is_left_of_its_former_holder() {
        test.create(third(), "10.1.0.2/16", "fd01::9/64");
        assertThat(ports()).containsExactly("veth-0123456789");
        assertThat(test.registry.endpoints())
                .extracting(RemovalTest::id)
                .containsExactlyInAnyOrder(OTHER.endpointId(), "third");
        assertThatThrownBy(() -> test.join(ONE))
                .hasMessage("endpoint " + ONE.endpointId()
                        + " was removed when its address 10.1.0.2 was given to another container at"
                        + " 1970-01-01T00:00:00Z; start the container again.");
    }

    @Test
    void two_former_holders_of_one_new_endpoint_both_go() {
        test.create(third(), "10.1.0.2/16", "fd01::3/64");
        assertThat(ports()).isEmpty();
        assertThat(test.registry.endpoints()).extracting(RemovalTest::id).containsExactly("third");
    }

    @Test
    void an_address_that_Wefts_IPAM_driver_has_given_twice_stays_its_first_holders_and_nothing_changes() {
        var pool = new PoolRecord("LocalDefault", TestDriver.IPV6, TestDriver.IPV6, NETWORK, Map.of());
        test.registry.put(pool);
        var address = Cidr.parse("fd01::3/64").address();
        test.registry.put(new AddressRecord(pool.id(), address, AddressRecord.Purpose.CHOSEN, 2));
        test.driver.learnContainer(OTHER, "web");
        var before = List.copyOf(test.kernel.inForce);
        // The address of family 4 is one whose endpoint would have to go.
        assertThatThrownBy(() -> test.create(third(), "10.1.0.2/16", "fd01::3/64"))
                .isInstanceOf(Refusal.class)
                .hasMessage("address fd01::3 is held by container web; choose another --ip, or remove that container"
                        + " first.");
        assertThat(test.kernel.inForce).containsExactlyElementsOf(before);
        assertThat(test.registry.endpoints())
                .extracting(RemovalTest::id)
                .containsExactlyInAnyOrder(ONE.endpointId(), OTHER.endpointId());
        test.registry.put(new AddressRecord(pool.id(), address, AddressRecord.Purpose.CHOSEN, 1));
        test.create(third(), "10.1.0.2/16", "fd01::3/64");
        assertThat(test.registry.endpoints()).extracting(RemovalTest::id).containsExactly("third");
    }

    @Test
    void links_of_ours_that_nothing_on_record_is_of_go_when_that_is_asked_for() {
        test.kernel.strayAliases.add("weft endpoint 99");
        assertThat(test.driver.removeStranger("weft endpoint 99")).isEqualTo(1);
        assertThat(test.driver.reconcile().strangers()).isEmpty();
        assertThat(test.driver.removeStranger("weft endpoint 99")).isZero();
    }
}
