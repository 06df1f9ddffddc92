package dev.weft.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inet.Subnet;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BlockMapTest {
    private static final int BITS = 6;
    private static final int SIZE = 1 << BITS;
    private static final List<String> HOSTS = List.of("a", "b", "c");

    /// Whose an address is, and whether actively: of each address by itself, which is slow and obvious.
    private record Owner(String host, boolean active) {}

    private final @Nullable Owner[] owners = new Owner[SIZE];

    private static BlockMap map(String subnet, String... blocks) {
        return new BlockMap(
                "n",
                Subnet.parse(subnet),
                5,
                List.of(blocks).stream()
                        .map(text -> text.split(" "))
                        .map(words -> new Block(Subnet.parse(words[0]), words[1], words.length == 2))
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.5.64/26", "fd00::1:ff80/122", "255.255.255.192/26", "0.0.0.0/26"})
    void it_says_the_same_as_a_table_of_all_addresses(String text) {
        var subnet = Subnet.parse(text);
        for (long seed = 1; seed <= 40; seed++) {
            var random = new SplittableRandom(seed);
            java.util.Arrays.fill(owners, null);
            var map = BlockMap.free("n", subnet);
            for (int step = 0; step < 60; step++) {
                var changed = change(map, random);
                assertThat(changed.version()).as("seed " + seed).isGreaterThanOrEqualTo(map.version());
                map = changed;
                check(map, "seed " + seed + ", step " + step);
            }
        }
    }

    private BlockMap change(BlockMap map, SplittableRandom random) {
        var host = HOSTS.get(random.nextInt(HOSTS.size()));
        var other = HOSTS.get(random.nextInt(HOSTS.size()));
        int length = length(map) - random.nextInt(BITS + 1);
        var own = map.of(host);
        return switch (random.nextInt(6)) {
            case 0, 1 -> {
                var range = random.nextBoolean() ? map.lowestFree(length) : map.highestFree(length);
                if (range.isEmpty()) {
                    yield map;
                }
                boolean active = random.nextBoolean();
                set(map, range.get(), new Owner(host, active));
                yield map.take(range.get(), host, active);
            }
            case 2 -> {
                if (own.isEmpty()) {
                    yield map;
                }
                var range = own.get(random.nextInt(own.size())).range();
                set(map, range, new Owner(host, true));
                yield map.activate(range, host);
            }
            case 3 -> {
                if (own.isEmpty()) {
                    yield map;
                }
                var part = part(own.get(random.nextInt(own.size())).range(), random);
                set(map, part, new Owner(other, true));
                yield map.give(part, host, other);
            }
            case 4 -> {
                if (own.isEmpty()) {
                    yield map;
                }
                var part = part(own.get(random.nextInt(own.size())).range(), random);
                set(map, part, null);
                yield map.release(part, host);
            }
            default -> {
                if (random.nextInt(5) > 0) {
                    yield map;
                }
                IntStream.range(0, SIZE)
                        .filter(i -> owners[i] != null && owners[i].host.equals(host))
                        .forEach(i -> owners[i] = null);
                yield map.without(host);
            }
        };
    }

    private static int length(BlockMap map) {
        return map.subnet().address().getAddress().length * Byte.SIZE;
    }

    private static Subnet part(Subnet range, SplittableRandom random) {
        int bits = range.address().getAddress().length * Byte.SIZE;
        int length = random.nextInt(range.prefixLength(), bits + 1);
        var offset = random.nextInt(1 << (bits - range.prefixLength()));
        return Subnet.containing(plus(range.address(), offset), length);
    }

    private void set(BlockMap map, Subnet range, @Nullable Owner owner) {
        for (int i = 0; i < SIZE; i++) {
            if (range.contains(plus(map.subnet().address(), i))) {
                owners[i] = owner;
            }
        }
    }

    private void check(BlockMap map, String when) {
        for (int i = 0; i < SIZE; i++) {
            assertThat(map.at(plus(map.subnet().address(), i)).map(block -> new Owner(block.host(), block.active())))
                    .as(when + ", address " + i)
                    .isEqualTo(Optional.ofNullable(owners[i]));
        }
        for (int bits = 0; bits <= BITS; bits++) {
            var free = freeRanges(map, bits);
            assertThat(map.lowestFree(length(map) - bits))
                    .as(when)
                    .isEqualTo(free.stream().findFirst());
            assertThat(map.highestFree(length(map) - bits))
                    .as(when)
                    .isEqualTo(free.reversed().stream().findFirst());
        }
        assertThat(map.lowestFree(map.subnet().prefixLength() - 1)).isEmpty();
        for (var host : HOSTS) {
            assertThat(map.of(host)).as(when).allMatch(block -> block.host().equals(host));
        }
        assertThat(BlockMap.parse(map.text())).isEqualTo(map);
    }

    private List<Subnet> freeRanges(BlockMap map, int bits) {
        var free = new ArrayList<Subnet>();
        for (int start = 0; start < SIZE; start += 1 << bits) {
            if (IntStream.range(start, start + (1 << bits)).allMatch(i -> owners[i] == null)) {
                free.add(new Subnet(plus(map.subnet().address(), start), length(map) - bits));
            }
        }
        return free;
    }

    private static InetAddress plus(InetAddress address, int offset) {
        var bytes = address.getAddress();
        var sum = new BigInteger(1, bytes).add(BigInteger.valueOf(offset)).toByteArray();
        for (int i = 1; i <= Math.min(sum.length, bytes.length); i++) {
            bytes[bytes.length - i] = sum[sum.length - i];
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Test
    void halves_of_one_owner_are_one_block() {
        assertThat(map("10.0.0.0/24", "10.0.0.0/26 a")
                        .take(Subnet.parse("10.0.0.64/26"), "a", true)
                        .take(Subnet.parse("10.0.0.128/25"), "a", true)
                        .blocks())
                .containsExactly(new Block(Subnet.parse("10.0.0.0/24"), "a", true));
    }

    @Test
    void an_address_given_away_and_back_leaves_the_block_whole() {
        var map = map("10.0.0.0/24", "10.0.0.0/24 a");
        var one = Subnet.parse("10.0.0.77/32");
        var given = map.give(one, "a", "b");
        assertThat(given.of("a")).hasSize(8);
        assertThat(given.give(one, "b", "a").blocks()).isEqualTo(map.blocks());
    }

    @Test
    void what_a_later_copy_has_is_put_back_unless_something_speaks_against_it() {
        var store = map("10.0.0.0/24", "10.0.0.0/26 a");
        var copy = new BlockMap(
                "n",
                store.subnet(),
                9,
                List.of(
                        new Block(Subnet.parse("10.0.0.0/25"), "b", true),
                        new Block(Subnet.parse("10.0.0.128/25"), "c", true)));
        assertThat(store.recovering(copy).blocks())
                .containsExactly(
                        new Block(Subnet.parse("10.0.0.0/26"), "a", true),
                        new Block(Subnet.parse("10.0.0.128/25"), "c", true));
        assertThat(store.recovering(copy).version()).isEqualTo(10);
        assertThat(copy.recovering(store)).isSameAs(copy);
    }

    @Test
    void blocks_that_overlap_or_lie_outside_are_refused() {
        assertThatThrownBy(() -> map("10.0.0.0/24", "10.0.0.0/25 a", "10.0.0.64/26 b"))
                .hasMessage("blocks 10.0.0.0/25 and 10.0.0.64/26 overlap");
        assertThatThrownBy(() -> map("10.0.0.0/24", "10.0.1.0/25 a"))
                .hasMessage("block 10.0.1.0/25 is not in subnet 10.0.0.0/24");
        assertThatThrownBy(() -> map("10.0.0.0/24", "10.0.0.0/25 a").take(Subnet.parse("10.0.0.0/26"), "b", true))
                .hasMessage("10.0.0.0/26 is not free");
        assertThatThrownBy(() -> map("10.0.0.0/24", "10.0.0.0/25 a").give(Subnet.parse("10.0.0.0/26"), "b", "c"))
                .hasMessage("10.0.0.0/26 is not of a block of b");
    }
}
