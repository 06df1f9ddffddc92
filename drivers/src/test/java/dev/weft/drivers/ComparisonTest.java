package dev.weft.drivers;

import static dev.weft.drivers.TestDriver.NETWORK;
import static dev.weft.drivers.TestDriver.ONE;
import static dev.weft.drivers.TestDriver.OTHER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.drivers.plan.Step;
import dev.weft.drivers.vxlan.VxlanModes;
import dev.weft.plugin.EndpointKey;
import dev.weft.state.Change;
import dev.weft.state.EndpointRecord;
import dev.weft.state.NetworkRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ComparisonTest {
    @TempDir
    Path folder;

    private TestDriver test;

    @BeforeEach
    void anEndpointThatHasJoined() {
        test = new TestDriver(folder);
        test.createNetwork();
        test.create(ONE, "10.1.0.2/16", "fd01::2/64");
        test.join(ONE);
        test.kernel.moveLinks(true);
    }

    @AfterEach
    void close() {
        test.close();
    }

    private @Nullable String name(EndpointKey key) {
        return test.registry
                .endpoint(key.endpointId())
                .map(EndpointRecord::interfaceName)
                .orElse(null);
    }

    private void loseThePair() {
        test.kernel.inForce.stream()
                .filter(step -> !(step instanceof Step.CreateBridge))
                .toList()
                .forEach(test.kernel::lose);
    }

    @Test
    void a_links_name_in_its_sandbox_is_put_on_record_once_and_used_when_the_link_is_restored() {
        test.kernel.namesByMac.put("02:42:0a:01:00:02", "lan7");
        test.driver.reconcile();
        assertThat(name(ONE)).isEqualTo("lan7");
        var writes = new ArrayList<List<Change>>();
        test.registry.watch(writes::add);
        test.driver.reconcile();
        assertThat(writes).isEmpty();
        loseThePair();
        assertThat(test.driver.reconcile().repairs().getFirst().toString())
                .contains(" type veth peer lan7 ", " ip addr add 10.1.0.2/16 dev lan7");
    }

    @Test
    void a_link_whose_name_was_not_seen_yet_is_asked_for_again() {
        test.driver.reconcile();
        assertThat(name(ONE)).isNull();
        test.kernel.namesByMac.put("02:42:0a:01:00:02", "eth0");
        test.driver.reconcile();
        assertThat(name(ONE)).isEqualTo("eth0");
    }

    @Test
    void the_name_that_a_link_has_until_the_engine_renames_it_is_not_taken_for_its_name() {
        test.kernel.namesByMac.put("02:42:0a:01:00:02", "weft-77e1d0c3b2");
        test.driver.reconcile();
        assertThat(name(ONE)).isNull();
        test.kernel.namesByMac.put("02:42:0a:01:00:02", "eth0");
        test.driver.reconcile();
        assertThat(name(ONE)).isEqualTo("eth0");
    }

    @Test
    void the_lock_of_a_network_that_is_as_it_should_be_is_not_waited_for() {
        var locks = new NetworkLocks();
        var comparison = new Comparison(test.registry, test.kernel, VxlanModes.alone(), locks);
        var outcome = locks.in(
                NETWORK, () -> CompletableFuture.supplyAsync(comparison::ofAll).join());
        assertThat(outcome.repairs()).isEmpty();
        assertThat(outcome.problems()).isEmpty();
    }

    @Test
    void an_endpoint_that_goes_during_the_comparison_is_not_told_as_unknown() {
        test.kernel.afterNextView(() -> test.driver.deleteEndpoint(ONE));
        var outcome = test.driver.reconcile();
        assertThat(test.registry.endpoints()).isEmpty();
        assertThat(outcome.strangers()).isEmpty();
    }

    @Test
    void nor_is_one_that_goes_while_a_person_looks() {
        test.kernel.afterNextView(() -> test.driver.deleteEndpoint(ONE));
        var examination = test.driver.examine();
        assertThat(test.registry.endpoints()).isEmpty();
        assertThat(examination.strangers()).isEmpty();
    }

    @Test
    void an_endpoint_that_comes_during_the_comparison_is_not_told_as_unknown() {
        test.create(OTHER, "10.1.0.3/16", "fd01::3/64");
        test.driver.leave(ONE);
        test.driver.deleteEndpoint(ONE);
        test.kernel.beforeNextView(() -> {
            test.create(ONE, "10.1.0.2/16", "fd01::2/64");
            test.join(ONE);
        });
        assertThat(test.driver.reconcile().strangers()).isEmpty();
    }

    @Test
    void an_endpoint_that_has_not_joined_or_has_left_has_no_name() {
        test.create(OTHER, "10.1.0.3/16", "fd01::3/64");
        test.kernel.namesByMac.put("02:42:0a:01:00:02", "eth0");
        test.kernel.namesByMac.put("02:42:0a:01:00:03", "eth0");
        test.driver.reconcile();
        assertThat(name(OTHER)).isNull();
        test.driver.leave(ONE);
        assertThat(name(ONE)).isNull();
    }

    @Test
    void a_joined_endpoint_whose_pair_is_gone_is_restored_and_one_that_has_left_is_not() {
        loseThePair();
        var repairs = test.driver.reconcile().repairs();
        assertThat(repairs).hasSize(3).first().isInstanceOf(Step.Restore.class);
        assertThat(test.driver.reconcile().repairs()).isEmpty();
        test.driver.leave(ONE);
        assertThat(test.driver.reconcile().repairs()).isEmpty();
        assertThat(test.kernel.inForce).hasSize(1);
    }

    @Test
    void names_of_networks_and_containers_are_put_on_record_once_and_are_in_sentences() {
        var writes = new ArrayList<List<Change>>();
        test.registry.watch(writes::add);
        for (int i = 0; i < 2; i++) {
            test.driver.learnName(NETWORK, "lan");
            test.driver.learnContainer(ONE, "web");
        }
        assertThat(writes).hasSize(2);
        assertThat(test.registry.network(NETWORK).map(NetworkRecord::title)).hasValue("lan");
        assertThat(test.registry.endpoint(ONE.endpointId()).map(EndpointRecord::title))
                .hasValue("container web");
        test.kernel.lose(test.kernel.inForce.iterator().next());
        test.kernel.failOn(Step.CreateBridge.class::isInstance);
        assertThat(test.driver.reconcile().problems()).containsExactly("network lan: link x refuses CreateBridge.");
    }

    @Test
    void names_of_what_is_not_known_are_no_error() {
        test.driver.learnName("another", "lan");
        test.driver.learnContainer(OTHER, "web");
        assertThat(test.registry.networks()).hasSize(1);
        assertThat(test.registry.endpoints()).hasSize(1);
    }

    @Test
    void a_name_that_was_learned_stays_through_join_and_leave() {
        test.driver.learnContainer(ONE, "web");
        test.driver.leave(ONE);
        test.join(ONE);
        assertThat(test.registry.endpoint(ONE.endpointId()).map(EndpointRecord::container))
                .hasValue("web");
    }
}
