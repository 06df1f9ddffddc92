package dev.weft.ipam;

import static dev.weft.ipam.WeftIpam.GLOBAL;
import static dev.weft.ipam.WeftIpam.LOCAL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inet.AddressText;
import dev.weft.inet.Cidr;
import dev.weft.inet.Subnet;
import dev.weft.plugin.PoolRequest;
import dev.weft.plugin.Refusal;
import dev.weft.state.AddressRecord;
import dev.weft.state.NetworkRecord;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A long random life, beside a driver that is slow and obvious.
@DisplayNameGeneration(ReplaceUnderscores.class)
class WeftIpamLifeTest {
    private static final long SEED = Long.getLong("weft.seed", System.nanoTime());
    private static final List<Subnet> SUBNETS = subnets(
            "10.5.0.0/26",
            "10.5.0.0/28",
            "10.5.0.16/28",
            "10.5.0.64/27",
            "10.6.0.8/31",
            "fd00:5::/123",
            "10.192.0.0/24");
    /// What a chosen subnet can be: half of `ipam.local_pools` of the fixture, as /28.
    private static final List<Subnet> CHOICES = choices();

    @TempDir
    Path folder;

    private final SlowIpam slow = new SlowIpam();
    private final Random random = new Random(SEED);
    private ServedIpam served;
    private int networks;

    private static List<Subnet> subnets(String... texts) {
        return List.of(texts).stream().map(Subnet::parse).toList();
    }

    private static List<Subnet> choices() {
        var all = new ArrayList<Subnet>();
        for (int third = 0; third < 4; third++) {
            for (int last = 0; last < 256; last += 16) {
                all.add(Subnet.parse("10.192." + third + "." + last + "/28"));
            }
        }
        return all;
    }

    @Test
    void every_step_goes_as_one_would_who_looks_at_everything() {
        System.out.println("seed " + SEED);
        try (var all = new ServedIpam(folder)) {
            served = all;
            for (int step = 0; step < 10_000; step++) {
                var done = step();
                assertSame("seed " + SEED + ", step " + step + ": " + done);
            }
        }
    }

    private String step() {
        int kind = random.nextInt(1000);
        if (slow.pools.size() < 3 || kind < 8) {
            return requestPool();
        }
        var pool = slow.pools.values().stream()
                .skip(random.nextInt(slow.pools.size()))
                .findFirst()
                .orElseThrow();
        var id = pool.space + "/" + pool.subnet;
        var address = address(pool);
        if (kind < 30) {
            requestPool(pool.space, pool.subnet, pool.range, random.nextInt(4) == 0 ? Map.of() : pool.options);
        } else if (kind < 300) {
            assertThat(answer(() -> served.ask(id, null, false).address()))
                    .as("choose of %s", id)
                    .isEqualTo(slow.choose(pool));
        } else if (kind < 550) {
            assertThat(answer(() -> served.ask(id, address, false)).isPresent())
                    .as("%s of %s", address, id)
                    .isEqualTo(slow.name(pool, address));
        } else if (kind < 580) {
            assertThat(answer(() -> served.ask(id, null, true).address()))
                    .as("gateway of %s", id)
                    .isEqualTo(slow.gateway(pool));
        } else if (kind < 850) {
            served.release(id, AddressText.of(address));
            slow.release(pool, address);
        } else if (kind < 910) {
            collect(pool, id);
        } else if (kind < 985) {
            changeNetwork(pool, id, address);
        } else if (kind < 997) {
            served.ipam.releasePool(id);
            slow.release(id);
        } else {
            served.restart();
            slow.restart();
        }
        return "kind " + kind + " of " + id + ", " + AddressText.of(address);
    }

    /// Any of the subnet, or one that is given.
    private InetAddress address(SlowIpam.SlowPool pool) {
        var some = random.nextBoolean() || pool.given.isEmpty()
                ? SlowIpam.addressesOf(pool.subnet)
                : List.copyOf(pool.given.keySet());
        return some.get(random.nextInt(some.size()));
    }

    private String requestPool() {
        var space = random.nextInt(3) == 0 ? GLOBAL : LOCAL;
        if (random.nextInt(4) == 0) {
            var options = Map.of("prefix_length", "28");
            assertThat(answer(() -> served.ipam
                            .requestPool(new PoolRequest(LOCAL, null, null, options, false))
                            .pool()))
                    .isEqualTo(slow.choose(LOCAL, CHOICES, options));
            return "a chosen pool";
        }
        var subnet = SUBNETS.get(random.nextInt(SUBNETS.size()));
        int longer = Math.min(subnet.prefixLength() + random.nextInt(2) * 2, subnet.isIpv4() ? 32 : 128);
        requestPool(space, subnet, Subnet.containing(subnet.address(), longer), Map.of());
        return "pool " + space + "/" + subnet;
    }

    private void requestPool(String space, Subnet subnet, Subnet range, Map<String, String> options) {
        assertThat(answer(() -> served.ipam.requestPool(new PoolRequest(space, subnet, range, options, false)))
                        .isPresent())
                .as("%s %s %s", space, subnet, range)
                .isEqualTo(slow.request(space, subnet, range, options));
    }

    private static <T> Optional<T> answer(Supplier<T> call) {
        try {
            return Optional.of(call.get());
        } catch (Refusal refusal) {
            return Optional.empty();
        }
    }

    private void collect(SlowIpam.SlowPool pool, String id) {
        var inUse = new HashSet<>(pool.given.keySet());
        inUse.removeIf(address -> random.nextInt(4) == 0);
        assertThat(served.ipam.collect(id, inUse)).isEqualTo(slow.collect(pool, inUse));
    }

    /// A network gets the pool, or gets or loses an endpoint, or goes.
    private void changeNetwork(SlowIpam.SlowPool pool, String id, InetAddress address) {
        if (pool.network == null) {
            var network = "n" + ++networks;
            pool.network = network;
            if (random.nextInt(4) == 0) {
                slow.otherNetworks.add(network);
                served.otherNetworks.add(network);
            } else {
                slow.networks.put(network, new HashSet<>());
                served.registry.put(new NetworkRecord(network, null, "vxlan", 1450, false, List.of(), Map.of()));
            }
            served.ipam.bind(id, network);
        } else if (random.nextInt(10) == 0) {
            slow.networks.remove(pool.network);
            slow.otherNetworks.remove(pool.network);
            served.otherNetworks.remove(pool.network);
            served.registry.commit(served.registry.removalOf(pool.network));
        } else if (slow.networks.containsKey(pool.network)
                && pool.given.containsKey(address)
                && pool.subnet.isIpv4()
                && slow.networks.get(pool.network).add(address)) {
            served.endpoint(
                    pool.network + AddressText.of(address),
                    pool.network,
                    null,
                    new Cidr(address, pool.subnet.prefixLength()).toString());
        }
    }

    private void assertSame(String step) {
        assertThat(served.registry.pools()).as(step).hasSize(slow.pools.size());
        for (var pool : slow.pools.entrySet()) {
            var held = new TreeSet<String>();
            pool.getValue()
                    .given
                    .forEach((address, given) -> held.add(
                            AddressText.of(address) + " " + given.holders + (given.gateway ? " gateway" : "")));
            var records = served.registry.addressesOf(pool.getKey());
            assertThat(records)
                    .as(step)
                    .extracting(record -> AddressText.of(record.address()) + " " + record.holders()
                            + (record.isGateway() ? " gateway" : ""))
                    .containsExactlyInAnyOrderElementsOf(held);
            assertThat(records).as(step).extracting(AddressRecord::address).allMatch(pool.getValue()::isUsable);
        }
        served.ipam.use().forEach(use -> {
            var pool = slow.pools.get(use.pool().id());
            Set<InetAddress> given = pool.given.keySet();
            assertThat(use.given()).as(step).isEqualTo(given.size());
            assertThat(use.size()).as(step).isEqualTo(pool.choices.size());
            assertThat(use.free())
                    .as(step)
                    .isEqualTo(pool.choices.stream()
                            .filter(choice -> !given.contains(choice))
                            .count());
        });
    }
}
