package dev.weft.ipam;

import static dev.weft.ipam.ServedIpam.address;
import static dev.weft.ipam.WeftIpam.GLOBAL;
import static dev.weft.ipam.WeftIpam.LOCAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.state.Tombstone;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is asked for again, and what is never told to be over.
@DisplayNameGeneration(ReplaceUnderscores.class)
class RepeatsTest {
    @TempDir
    Path folder;

    private ServedIpam served;

    @BeforeEach
    void serve() {
        served = new ServedIpam(folder);
    }

    @AfterEach
    void close() {
        served.close();
    }

    @Test
    void a_pool_that_no_network_has_is_given_again_and_goes_when_all_have_released_it() {
        var pool = served.pool("10.5.0.0/24");
        assertThat(served.gateway(pool)).isEqualTo("10.5.0.1/24");
        assertThat(served.pool("10.5.0.0/24")).isEqualTo(pool);
        assertThat(served.gateway(pool)).isEqualTo("10.5.0.1/24");
        assertThat(served.held(pool)).containsExactly("10.5.0.1", "10.5.0.1");
        served.release(pool, "10.5.0.1");
        served.ipam.releasePool(pool);
        assertThat(served.held(pool)).containsExactly("10.5.0.1");
        served.release(pool, "10.5.0.1");
        served.ipam.releasePool(pool);
        assertThat(served.registry.pools()).isEmpty();
    }

    /// The engine never heard of the pool, and its person types the command again.
    @Test
    void a_pool_whose_answer_a_crash_ate_is_given_again_and_is_one_networks() {
        var pool = served.pool("10.5.0.0/24");
        served.gateway(pool);
        served.name(pool, "10.5.0.9");
        served.restart();
        served.pool("10.5.0.0/24");
        assertThat(served.gateway(pool)).isEqualTo("10.5.0.1/24");
        assertThat(served.name(pool, "10.5.0.9")).isEqualTo("10.5.0.9/24");
        assertThatThrownBy(() -> served.name(pool, "10.5.0.9"))
                .hasMessage("address 10.5.0.9 is given already, as an --aux-address or to a container; give another"
                        + " one, or remove that container first.");
        served.ipam.releasePool(pool);
        assertThat(served.registry.pools()).isEmpty();
    }

    @Test
    void a_pool_of_a_network_is_no_other_networks() {
        var pool = served.pool("10.5.0.0/24");
        served.network("n1", null, "10.5.0.0/24");
        assertThatThrownBy(() -> served.pool("10.5.0.0/24"))
                .hasMessage("--subnet 10.5.0.0/24 is given already: network n1 has it; name another --subnet, or"
                        + " remove that network.");
        served.network("n1", "mynet", "10.5.0.0/24");
        assertThatThrownBy(() -> served.pool("10.5.0.0/24"))
                .hasMessage("--subnet 10.5.0.0/24 is given already: network mynet has it; name another --subnet, or"
                        + " remove that network.");
        assertThatThrownBy(() -> served.ipam.bind(pool, "n2"))
                .hasMessage("subnet 10.5.0.0/24 is given already: network mynet has it; name another --subnet, or"
                        + " remove that network.");
        served.ipam.bind(pool, "n1");
        assertThat(served.registry.pool(pool)).get().extracting("networkId").isEqualTo("n1");
    }

    /// Two commands at once: the one that comes too late must not take the pool away from the other.
    @Test
    void a_network_that_was_refused_releases_only_its_own_part_of_a_pool() {
        var pool = served.pool("10.5.0.0/24");
        served.gateway(pool);
        served.pool("10.5.0.0/24");
        served.gateway(pool);
        served.network("n1", "mynet", "10.5.0.0/24");
        assertThatThrownBy(() -> served.ipam.bind(pool, "n2")).hasMessageContaining("network mynet has it");
        served.release(pool, "10.5.0.1");
        served.ipam.releasePool(pool);
        assertThat(served.held(pool)).containsExactly("10.5.0.1");
        served.ipam.releasePool(pool);
        assertThat(served.registry.pools()).isEmpty();
    }

    @Test
    void a_pool_of_a_network_that_is_gone_is_given_anew() {
        var pool = served.pool(LOCAL, "10.5.0.0/24", "10.5.0.0/25");
        served.gateway(pool, "10.5.0.77");
        served.choose(pool);
        served.otherNetworks.add("n1");
        served.ipam.bind(pool, "n1");
        assertThatThrownBy(() -> served.pool("10.5.0.0/24"))
                .hasMessage("--subnet 10.5.0.0/24 is given already: network n1 has it; name another --subnet, or"
                        + " remove that network.");
        served.otherNetworks.clear();
        assertThat(served.pool("10.5.0.0/24")).isEqualTo(pool);
        assertThat(served.held(pool)).isEmpty();
        assertThat(served.gateway(pool)).isEqualTo("10.5.0.1/24");
    }

    @Test
    void a_pool_that_no_network_has_can_be_asked_for_otherwise_while_nothing_of_it_is_given() {
        var pool = served.pool("10.5.0.0/24");
        served.gateway(pool);
        served.pool(LOCAL, "10.5.0.0/24", "10.5.0.64/26");
        assertThat(served.held(pool)).isEmpty();
        assertThat(served.gateway(pool)).isEqualTo("10.5.0.64/24");
        served.choose(pool);
        for (var range : new String[] {"10.5.0.0/24", "10.5.0.64/26"}) {
            assertThatThrownBy(() -> served.pool(LOCAL, "10.5.0.0/24", range))
                    .hasMessage("--subnet 10.5.0.0/24 is given already: a network whose name is not known yet (1"
                            + " addresses of it are given besides the gateway's) has it; name another --subnet, or"
                            + " remove that network.");
        }
    }

    @Test
    void swarm_gets_the_same_however_often_it_asks() {
        var pool = served.pool(GLOBAL, "10.5.0.0/24", null);
        assertThat(served.gateway(pool)).isEqualTo("10.5.0.1/24");
        assertThat(served.choose(pool)).isEqualTo("10.5.0.2/24");
        assertThat(served.pool(GLOBAL, "10.5.0.0/24", null)).isEqualTo(pool);
        assertThat(served.gateway(pool, "10.5.0.1")).isEqualTo("10.5.0.1/24");
        assertThat(served.name(pool, "10.5.0.2")).isEqualTo("10.5.0.2/24");
        assertThat(served.held(pool)).containsExactly("10.5.0.1", "10.5.0.1", "10.5.0.2", "10.5.0.2");
        served.release(pool, "10.5.0.2");
        assertThat(served.held(pool)).containsExactly("10.5.0.1", "10.5.0.1", "10.5.0.2");
        served.release(pool, "10.5.0.2");
        served.release(pool, "10.5.0.2");
        assertThat(served.held(pool)).containsExactly("10.5.0.1", "10.5.0.1");
        served.ipam.releasePool(pool);
        assertThat(served.registry.pools()).isEmpty();
    }

    @Test
    void swarms_nodes_get_their_network_again_while_they_have_it() {
        var pool = served.pool(LOCAL, "10.5.0.0/24", null, "com.docker.network.ipam.serial=true");
        served.network("n1", "mynet", "10.5.0.0/24");
        assertThat(served.pool(LOCAL, "10.5.0.0/24", null, "com.docker.network.ipam.serial=true"))
                .isEqualTo(pool);
        served.ipam.releasePool(pool);
        assertThat(served.registry.pools()).isEmpty();
    }

    @Test
    void an_address_that_a_container_has_is_refused_with_its_name() {
        var pool = served.pool("10.5.0.0/24");
        served.network("n1", "mynet", "10.5.0.0/24");
        served.name(pool, "10.5.0.9");
        served.endpoint("0123456789abcdef", "n1", "web", "10.5.0.9/24");
        assertThatThrownBy(() -> served.name(pool, "10.5.0.9"))
                .hasMessage("address 10.5.0.9 is held by container web (endpoint 0123456789ab); give another one, or"
                        + " remove that container first.");
        served.choose(pool);
        served.endpoint("e2", "n1", null, "10.5.0.1/24");
        assertThatThrownBy(() -> served.name(pool, "10.5.0.1"))
                .hasMessage("address 10.5.0.1 is held by endpoint e2; give another one, or remove that container"
                        + " first.");
        served.restart();
        assertThatThrownBy(() -> served.name(pool, "10.5.0.9")).hasMessageContaining("is held by container web");
        assertThat(served.held(pool)).containsExactly("10.5.0.1", "10.5.0.9");
    }

    @Test
    void an_address_of_a_weft_network_that_no_endpoint_has_is_given_again_by_name() {
        var pool = served.pool("10.5.0.0/24");
        served.network("n1", "mynet", "10.5.0.0/24");
        served.name(pool, "10.5.0.9");
        assertThat(served.name(pool, "10.5.0.9")).isEqualTo("10.5.0.9/24");
        assertThat(served.held(pool)).containsExactly("10.5.0.9", "10.5.0.9");
    }

    @Test
    void an_auxiliary_address_is_nobody_elses_also_after_a_restart() {
        var pool = served.pool("10.5.0.0/24");
        served.name(pool, "10.5.0.9");
        served.network("n1", "mynet", "10.5.0.0/24");
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> served.name(pool, "10.5.0.9"))
                    .hasMessage("address 10.5.0.9 is given already, as an --aux-address or to a container; give"
                            + " another one, or remove that container first.");
            served.restart();
        }
        served.release(pool, "10.5.0.9");
        assertThat(served.name(pool, "10.5.0.9")).isEqualTo("10.5.0.9/24");
    }

    @Test
    void in_a_network_of_another_driver_an_address_is_given_again_by_name_once_after_a_restart() {
        var pool = served.pool("10.5.0.0/24");
        served.otherNetworks.add("n1");
        served.ipam.bind(pool, "n1");
        served.name(pool, "10.5.0.9");
        assertThatThrownBy(() -> served.name(pool, "10.5.0.9")).hasMessageContaining("is given already");
        served.restart();
        assertThat(served.name(pool, "10.5.0.9")).isEqualTo("10.5.0.9/24");
        assertThatThrownBy(() -> served.name(pool, "10.5.0.9")).hasMessageContaining("is given already");
    }

    @Test
    void the_gateway_is_no_containers() {
        var pool = served.pool("10.5.0.0/24");
        served.gateway(pool);
        for (int start = 0; start < 2; start++) {
            assertThatThrownBy(() -> served.name(pool, "10.5.0.1"))
                    .hasMessage("address 10.5.0.1 is the gateway of its subnet; give another one, or create the"
                            + " network with another --gateway.");
            served.restart();
        }
        assertThat(served.gateway(pool, "10.5.0.1")).isEqualTo("10.5.0.1/24");
        served.release(pool, "10.5.0.1");
        assertThat(served.held(pool)).containsExactly("10.5.0.1");
    }

    @Test
    void an_address_is_collected_when_two_looks_found_it_unused() {
        var pool = served.pool("10.5.0.0/24");
        served.gateway(pool);
        served.choose(pool);
        served.choose(pool);
        served.choose(pool);
        assertThat(served.ipam.collect(pool, Set.of(address("10.5.0.2")))).isEmpty();
        served.release(pool, "10.5.0.4");
        served.name(pool, "10.5.0.4");
        assertThat(served.ipam.collect(pool, Set.of(address("10.5.0.2")))).containsExactly(address("10.5.0.3"));
        assertThat(served.held(pool)).containsExactly("10.5.0.1", "10.5.0.2", "10.5.0.4");
        assertThat(served.name(pool, "10.5.0.3")).isEqualTo("10.5.0.3/24");
        assertThat(served.ipam.collect("weft-local/10.9.0.0/24", Set.of())).isEmpty();
    }

    /// A crash ate an answer: the person asks again, and one release will come for two that were given.
    @Test
    void an_address_that_an_endpoint_has_is_held_once_when_two_looks_found_it_held_more_often() {
        var pool = served.pool("10.5.0.0/24");
        served.network("n1", null, "10.5.0.0/24");
        served.name(pool, "10.5.0.9");
        served.name(pool, "10.5.0.9");
        var inUse = Set.of(address("10.5.0.9"));
        served.ipam.collect(pool, inUse);
        served.ipam.collect(pool, inUse);
        assertThat(served.held(pool)).containsExactly("10.5.0.9", "10.5.0.9");
        served.endpoint("e1", "n1", null, "10.5.0.9/24");
        assertThat(served.ipam.collect(pool, inUse)).isEmpty();
        assertThat(served.held(pool)).containsExactly("10.5.0.9", "10.5.0.9");
        assertThat(served.ipam.collect(pool, inUse)).isEmpty();
        assertThat(served.held(pool)).containsExactly("10.5.0.9");
        served.release(pool, "10.5.0.9");
        assertThat(served.held(pool)).isEmpty();
    }

    @Test
    void a_pool_whose_network_is_gone_is_removed_however_often_it_was_asked_for() {
        var pool = served.pool("10.5.0.0/24");
        served.pool("10.5.0.0/24");
        served.choose(pool);
        served.ipam.beginLook();
        assertThat(served.ipam.collectPool(pool)).isTrue();
        assertThat(served.registry.pools()).isEmpty();
    }

    @Test
    void a_pool_that_is_asked_for_again_during_a_look_stays() {
        var pool = served.pool("10.5.0.0/24");
        served.restart();
        served.ipam.beginLook();
        served.pool("10.5.0.0/24");
        assertThat(served.ipam.collectPool(pool)).isFalse();
        assertThat(served.registry.pools()).hasSize(1);
        served.ipam.beginLook();
        assertThat(served.ipam.collectPool(pool)).isTrue();
    }

    @Test
    void in_a_network_of_another_driver_a_chosen_address_is_nobody_elses_also_after_a_restart() {
        var pool = served.pool("10.5.0.0/24");
        served.otherNetworks.add("n1");
        served.ipam.bind(pool, "n1");
        var chosen = served.choose(pool).replaceFirst("/.*", "");
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> served.name(pool, chosen)).hasMessageContaining("is given already");
            served.restart();
        }
    }

    @Test
    void a_pool_whose_network_may_exist_is_not_given_anew_and_one_whose_network_was_removed_is() {
        var pool = served.pool("10.5.0.0/24");
        served.otherNetworks.add("n1");
        served.ipam.bind(pool, "n1");
        assertThatThrownBy(() -> served.pool("10.5.0.0/24")).hasMessageContaining("network n1 has it");
        served.registry.put(
                new Tombstone(Tombstone.Kind.NETWORK, "n1", "mynet", "by docker network rm", Instant.EPOCH));
        assertThat(served.pool("10.5.0.0/24")).isEqualTo(pool);
    }

    @Test
    void what_is_in_use_and_not_known_to_be_given_is_given_to_nobody_else() {
        var pool = served.pool("10.5.0.0/24");
        served.gateway(pool);
        served.network("n1", "mynet", "10.5.0.0/24");
        assertThat(served.choose(pool)).isEqualTo("10.5.0.2/24");
        for (var known : List.of("10.5.0.1", "10.5.0.2", "10.9.0.3", "10.5.0.255")) {
            assertThat(served.ipam.adopt(pool, address(known))).isFalse();
        }
        assertThat(served.ipam.adopt(pool, address("10.5.0.3"))).isTrue();
        assertThat(served.choose(pool)).isEqualTo("10.5.0.4/24");
        served.restart();
        assertThat(served.held(pool)).containsExactly("10.5.0.1", "10.5.0.2", "10.5.0.3", "10.5.0.4");
        served.release(pool, "10.5.0.3");
        assertThat(served.held(pool)).doesNotContain("10.5.0.3");
    }
}
