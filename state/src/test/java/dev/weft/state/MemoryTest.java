package dev.weft.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import java.net.InetAddress;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MemoryTest {
    private static final InetAddress TWO = InetAddress.ofLiteral("10.1.0.2");
    private static final InetAddress THREE = InetAddress.ofLiteral("10.1.0.3");
    private static final InetAddress SIX = InetAddress.ofLiteral("fd00::2");

    private final Memory memory = new Memory();

    private static EndpointRecord endpoint(String id, String network, String ipv4, @Nullable String ipv6) {
        return new EndpointRecord(
                id, network, Cidr.parse(ipv4), ipv6 == null ? null : Cidr.parse(ipv6), new MacAddress(1), Map.of());
    }

    @Test
    void an_endpoint_is_found_by_its_addresses_in_its_network_only() {
        var endpoint = endpoint("e1", "n1", "10.1.0.2/16", "fd00::2/64");
        memory.put(endpoint);
        assertThat(memory.endpointAt("n1", TWO)).contains(endpoint);
        assertThat(memory.endpointAt("n1", SIX)).contains(endpoint);
        assertThat(memory.endpointAt("n1", THREE)).isEmpty();
        assertThat(memory.endpointAt("n2", TWO)).isEmpty();
        memory.apply(Change.remove(endpoint));
        assertThat(memory.endpointAt("n1", TWO)).isEmpty();
        assertThat(memory.endpointAt("n1", SIX)).isEmpty();
        assertThat(memory.endpointsOf("n1")).isEmpty();
    }

    @Test
    void an_endpoint_with_another_address_or_network_is_found_there_and_no_longer_where_it_was() {
        memory.put(endpoint("e1", "n1", "10.1.0.2/16", "fd00::2/64"));
        var moved = endpoint("e1", "n1", "10.1.0.3/16", "fd00::2/64");
        memory.put(moved);
        assertThat(memory.endpointAt("n1", TWO)).isEmpty();
        assertThat(memory.endpointAt("n1", THREE)).contains(moved);
        assertThat(memory.endpointAt("n1", SIX)).contains(moved);
        var elsewhere = endpoint("e1", "n2", "10.1.0.3/16", null);
        memory.put(elsewhere);
        assertThat(memory.endpointAt("n1", THREE)).isEmpty();
        assertThat(memory.endpointAt("n1", SIX)).isEmpty();
        assertThat(memory.endpointAt("n2", THREE)).contains(elsewhere);
        assertThat(memory.endpointsOf("n1")).isEmpty();
        assertThat(memory.endpointsOf("n2")).containsExactly(elsewhere);
    }

    @Test
    void of_two_endpoints_with_an_address_the_later_is_found_and_then_the_one_that_is_left() {
        var first = endpoint("e1", "n1", "10.1.0.2/16", null);
        var second = endpoint("e2", "n1", "10.1.0.2/16", null);
        memory.put(first);
        memory.put(second);
        assertThat(memory.endpointAt("n1", TWO)).contains(second);
        memory.apply(Change.remove(second));
        assertThat(memory.endpointAt("n1", TWO)).contains(first);
        memory.apply(Change.remove(first));
        assertThat(memory.endpointAt("n1", TWO)).isEmpty();
    }

    @Test
    void what_stays_is_found_all_the_while_an_endpoint_changes() throws Exception {
        var endpoint = endpoint("e1", "n1", "10.1.0.2/16", null);
        memory.put(endpoint);
        var changes = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < 100_000; i++) {
                memory.put(endpoint.joinedTo("/run/netns/" + i));
            }
        });
        int missed = 0;
        while (changes.isAlive()) {
            missed += memory.endpointAt("n1", TWO).isPresent()
                            && memory.endpointsOf("n1").size() == 1
                    ? 0
                    : 1;
        }
        changes.join();
        assertThat(missed).isZero();
    }

    @Test
    void everything_is_found_and_gone_as_it_was_put_and_removed() {
        Sample.RECORDS.forEach(memory::put);
        assertThat(memory.all()).containsExactlyInAnyOrderElementsOf(Sample.RECORDS);
        assertThat(memory.networks()).hasSize(12);
        assertThat(memory.endpoints()).hasSize(120);
        assertThat(memory.endpointsOf("n3"))
                .hasSize(10)
                .allMatch(endpoint -> endpoint.networkId().equals("n3"));
        assertThat(memory.pools()).hasSize(12);
        assertThat(memory.pool("weft-local/10.3.0.0/16")).isPresent();
        assertThat(memory.addressesOf("weft-local/10.3.0.0/16")).hasSize(10);
        assertThat(memory.address("weft-local/10.3.0.0/16", InetAddress.ofLiteral("10.3.0.1")))
                .hasValueSatisfying(given -> assertThat(given.isGateway()).isTrue());
        assertThat(memory.engine())
                .hasValueSatisfying(engine -> assertThat(engine.name()).isEqualTo("host-1"));
        assertThat(memory.tombstones()).hasSize(30);
        assertThat(memory.tombstone(Tombstone.Kind.NETWORK, "t2")).isPresent();
        assertThat(memory.tombstone(Tombstone.Kind.ENDPOINT, "t2")).isEmpty();
        Sample.RECORDS.forEach(record -> memory.apply(Change.remove(record)));
        assertThat(memory.all()).isEmpty();
        assertThat(memory.engine()).isEmpty();
        assertThat(memory.addressesOf("weft-local/10.3.0.0/16")).isEmpty();
    }

    @Test
    void the_indexes_say_what_a_search_through_all_endpoints_says() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int step = 0; step < 5000; step++) {
            var endpoint = endpoint(
                    "e" + random.nextInt(8), "n" + random.nextInt(2), "10.1.0." + random.nextInt(4) + "/16", null);
            memory.apply(random.nextInt(3) == 0 ? Change.remove(endpoint) : Change.put(endpoint));
            for (var network : new String[] {"n0", "n1"}) {
                var there = memory.endpoints().stream()
                        .filter(other -> other.networkId().equals(network))
                        .toList();
                assertThat(memory.endpointsOf(network))
                        .as("step %d, seed %d", step, seed)
                        .containsExactlyInAnyOrderElementsOf(there);
                for (int i = 0; i < 4; i++) {
                    var address = InetAddress.ofLiteral("10.1.0." + i);
                    var at = there.stream().filter(other -> other.has(address)).toList();
                    assertThat(memory.endpointAt(network, address)
                                    .map(at::contains)
                                    .orElse(at.isEmpty()))
                            .as("step %d, seed %d", step, seed)
                            .isTrue();
                }
            }
        }
    }
}
