package dev.weft.ipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inet.Subnet;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AddressPoolTest {
    private static final long SEED = Long.getLong("weft.seed", System.nanoTime());

    private static AddressPool pool(String subnet) {
        return new AddressPool(Subnet.parse(subnet), Subnet.parse(subnet));
    }

    private static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }

    private static List<String> chosen(AddressPool pool) {
        return Stream.generate(pool::choose)
                .takeWhile(Optional::isPresent)
                .map(address -> address.get().getHostAddress())
                .limit(10)
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.8/29, 10.0.0.8/29, 10.0.0.9 10.0.0.10 10.0.0.11 10.0.0.12 10.0.0.13 10.0.0.14",
        "10.0.0.0/30, 10.0.0.0/30, 10.0.0.1 10.0.0.2",
        "10.0.0.2/31, 10.0.0.2/31, 10.0.0.2 10.0.0.3",
        "10.0.0.2/32, 10.0.0.2/32, 10.0.0.2",
        "10.0.0.0/16, 10.0.8.0/30, 10.0.8.0 10.0.8.1 10.0.8.2 10.0.8.3",
        "10.0.0.0/24, 10.0.0.252/30, 10.0.0.252 10.0.0.253 10.0.0.254",
        "fd00::/125, fd00::/126, fd00:0:0:0:0:0:0:1 fd00:0:0:0:0:0:0:2 fd00:0:0:0:0:0:0:3",
        "fd00::8/127, fd00::8/127, fd00:0:0:0:0:0:0:8 fd00:0:0:0:0:0:0:9",
        "fd00::8/128, fd00::8/128, fd00:0:0:0:0:0:0:8",
    })
    void the_addresses_of_a_range_are_chosen_but_reserved_ones(String subnet, String range, String addresses) {
        var pool = new AddressPool(Subnet.parse(subnet), Subnet.parse(range));
        assertThat(pool.choices()).isEqualTo(addresses.split(" ").length);
        assertThat(chosen(pool)).containsExactly(addresses.split(" "));
        assertThat(pool.chosen()).isEqualTo(pool.choices());
        assertThat(pool.choose()).isEmpty();
    }

    @Test
    void what_came_back_is_chosen_last() {
        var pool = pool("10.0.0.0/29");
        chosen(pool);
        pool.release(address("10.0.0.2"));
        assertThat(pool.choose()).contains(address("10.0.0.2"));
        pool.release(address("10.0.0.1"));
        pool.release(address("10.0.0.4"));
        assertThat(chosen(pool)).containsExactly("10.0.0.4", "10.0.0.1");
    }

    @Test
    void choosing_goes_on_where_it_was() {
        var pool = pool("10.0.0.0/29");
        pool.continueAfter(address("10.0.0.4"));
        pool.continueAfter(address("10.9.9.9"));
        assertThat(chosen(pool))
                .containsExactly("10.0.0.5", "10.0.0.6", "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4");
    }

    @Test
    void by_name_any_usable_address_of_the_subnet_can_be_had_once() {
        var pool = new AddressPool(Subnet.parse("10.0.0.0/16"), Subnet.parse("10.0.8.0/24"));
        for (var name : List.of("10.0.0.1", "10.0.8.7", "10.0.255.254")) {
            assertThat(pool.take(address(name))).isTrue();
            assertThat(pool.take(address(name))).isFalse();
            assertThat(pool.isGiven(address(name))).isTrue();
            assertThat(pool.release(address(name))).isTrue();
            assertThat(pool.release(address(name))).isFalse();
            assertThat(pool.isGiven(address(name))).isFalse();
        }
        for (var name : List.of("10.0.0.0", "10.0.255.255", "10.1.0.1", "fd00::1")) {
            assertThat(pool.isUsable(address(name))).isFalse();
            assertThat(pool.release(address(name))).isFalse();
            assertThat(pool.isGiven(address(name))).isFalse();
        }
        assertThatThrownBy(() -> pool.take(address("10.0.255.255")))
                .hasMessage("10.0.255.255 is no address for a container in 10.0.0.0/16");
    }

    @Test
    void a_subnet_of_any_size_gives_addresses_by_name_far_up() {
        var pool = pool("fd00::/16");
        assertThat(pool.choose()).contains(address("fd00::1"));
        for (var name : List.of("fd00::2", "fd00::4000:0:0:0", "fd00:8000::", "fd00:ffff::1")) {
            assertThat(pool.take(address(name))).isTrue();
            assertThat(pool.take(address(name))).isFalse();
        }
        assertThat(pool.choose()).contains(address("fd00::3"));
        assertThat(pool.release(address("fd00:ffff::1"))).isTrue();
        assertThat(pool("0.0.0.0/0").choose()).contains(address("0.0.0.1"));
    }

    @Test
    void a_range_beyond_its_subnet_is_refused() {
        assertThatThrownBy(() -> new AddressPool(Subnet.parse("10.0.0.0/24"), Subnet.parse("10.0.0.0/16")))
                .hasMessage("the range 10.0.0.0/16 is not within the subnet 10.0.0.0/24");
        assertThatThrownBy(() -> new AddressPool(Subnet.parse("10.0.0.0/24"), Subnet.parse("10.0.1.0/26")))
                .hasMessage("the range 10.0.1.0/26 is not within the subnet 10.0.0.0/24");
    }

    /// What a pool must do, with a list of all its addresses.
    private static final class SlowPool {
        private final List<InetAddress> range = new ArrayList<>();
        private final Set<InetAddress> given = new HashSet<>();
        private int next;

        SlowPool(String prefix, int from, int to) {
            for (int last = from; last <= to; last++) {
                range.add(address(prefix + (prefix.contains(":") ? Integer.toHexString(last) : last)));
            }
        }

        Optional<InetAddress> choose() {
            for (int tried = 0; tried < range.size(); tried++) {
                var candidate = range.get((next + tried) % range.size());
                if (given.add(candidate)) {
                    next = (next + tried + 1) % range.size();
                    return Optional.of(candidate);
                }
            }
            return Optional.empty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.0/24, 10.1.2.0/24, 10.1.2., 1, 254",
        "10.1.2.0/24, 10.1.2.64/26, 10.1.2., 64, 127",
        "10.1.2.0/24, 10.1.2.192/26, 10.1.2., 192, 254",
        "fd01::/64, fd01::/120, fd01::, 1, 255",
        "fd01::/64, fd01::40/122, fd01::, 64, 127"
    })
    void a_random_life_goes_as_in_a_pool_that_is_slow_and_obvious(
            String subnet, String range, String prefix, int from, int to) {
        System.out.println("seed " + SEED);
        var random = new Random(SEED);
        var pool = new AddressPool(Subnet.parse(subnet), Subnet.parse(range));
        var slow = new SlowPool(prefix, from, to);
        for (int step = 0; step < 30_000; step++) {
            int last = 1 + random.nextInt(254);
            var named = address(prefix + (prefix.contains(":") ? Integer.toHexString(last) : last));
            boolean filling = step / 3000 % 2 == 0;
            switch (random.nextInt(filling ? 5 : 9)) {
                case 0, 1, 2 -> assertThat(pool.choose()).isEqualTo(slow.choose());
                case 3 -> assertThat(pool.take(named)).isEqualTo(slow.given.add(named));
                default -> assertThat(pool.release(named)).isEqualTo(slow.given.remove(named));
            }
            assertThat(pool.isGiven(named)).isEqualTo(slow.given.contains(named));
            assertThat(pool.chosen())
                    .isEqualTo(slow.given.stream().filter(slow.range::contains).count());
        }
        assertThat(pool.choices()).isEqualTo(slow.range.size());
    }

    /// Beside a slow set of what is free.
    @Test
    void within_parts_of_the_range_all_is_chosen_and_nothing_else() {
        var random = new Random(SEED);
        for (int round = 0; round < 200; round++) {
            var range = Subnet.parse(random.nextBoolean() ? "10.0.0.0/22" : "fd00::/118");
            var pool = new AddressPool(range, range);
            var parts = parts(range, random);
            var free = new HashSet<InetAddress>();
            for (var part : parts) {
                for (var at = Optional.of(part.address());
                        at.isPresent() && part.contains(at.get());
                        at = Subnet.containing(at.get(), range.isIpv4() ? 32 : 128)
                                .above()) {
                    if (pool.isUsable(at.get())) {
                        free.add(at.get());
                    }
                }
            }
            int expected = free.size();
            for (int i = 0; i < expected; i++) {
                var chosen = pool.choose(parts);
                assertThat(chosen).as("seed %d, round %d", SEED, round).isPresent();
                assertThat(free.remove(chosen.get()))
                        .as("seed %d, round %d", SEED, round)
                        .isTrue();
                if (random.nextInt(4) == 0 && pool.release(chosen.get())) {
                    free.add(chosen.get());
                    expected++;
                }
            }
            assertThat(free).isEmpty();
            assertThat(pool.choose(parts)).as("seed %d, round %d", SEED, round).isEmpty();
        }
    }

    private static List<Subnet> parts(Subnet range, Random random) {
        var parts = new ArrayList<Subnet>();
        int longest = range.isIpv4() ? 32 : 128;
        for (int i = 0; i < 6; i++) {
            var bytes = range.address().getAddress();
            bytes[bytes.length - 1] = (byte) random.nextInt();
            bytes[bytes.length - 2] |= (byte) random.nextInt(4);
            int length = longest - random.nextInt(8);
            try {
                var part = Subnet.containing(InetAddress.getByAddress(bytes), length);
                if (parts.stream().noneMatch(part::overlaps)) {
                    parts.add(part);
                }
            } catch (java.net.UnknownHostException impossible) {
                throw new AssertionError(impossible);
            }
        }
        return parts;
    }

    @Test
    void what_came_back_is_chosen_last_within_parts_too() {
        var pool = pool("10.0.0.0/24");
        var parts = List.of(Subnet.parse("10.0.0.32/30"), Subnet.parse("10.0.0.16/30"));
        assertThat(pool.choose(parts)).contains(address("10.0.0.16"));
        assertThat(pool.choose(parts)).contains(address("10.0.0.17"));
        pool.release(address("10.0.0.16"));
        assertThat(pool.choose(parts)).contains(address("10.0.0.18"));
        assertThat(pool.choose(parts)).contains(address("10.0.0.19"));
        assertThat(pool.choose(parts)).contains(address("10.0.0.32"));
    }
}
