package dev.weft.ipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inet.Subnet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PoolRangeTest {
    private static final long SEED = Long.getLong("weft.seed", System.nanoTime());

    private static PoolRange range(String base, int prefixLength) {
        return new PoolRange(Subnet.parse(base), prefixLength);
    }

    @ParameterizedTest
    @CsvSource({
        "10.64.0.0/10, 24, '', 10.64.0.0/24",
        "10.64.0.0/10, 24, 10.64.0.0/24, 10.64.1.0/24",
        "10.64.0.0/10, 24, 10.64.0.77/32, 10.64.1.0/24",
        "10.64.0.0/10, 24, 10.64.1.0/24 10.64.0.0/25 fd00::/8, 10.64.2.0/24",
        "10.64.0.0/10, 24, 10.64.0.0/11 10.64.1.0/24 10.64.0.0/16, 10.96.0.0/24",
        "10.64.0.0/10, 24, 10.64.0.0/11 10.96.1.0/24, 10.96.0.0/24",
        "255.255.0.0/16, 17, 255.255.0.0/24, 255.255.128.0/17",
        "fd77::/16, 64, fd77::/64 fd77:0:0:1::/64, fd77:0:0:2::/64",
    })
    void the_lowest_free_subnet_is_chosen(String base, int prefixLength, String taken, String chosen) {
        var subnets = Arrays.stream(taken.split(" "))
                .filter(text -> !text.isEmpty())
                .map(Subnet::parse)
                .toList();
        assertThat(range(base, prefixLength).firstFree(subnets)).contains(Subnet.parse(chosen));
    }

    @Test
    void nothing_is_chosen_where_all_is_taken() {
        assertThat(range("10.0.0.0/24", 24).firstFree(List.of(Subnet.parse("0.0.0.0/0"))))
                .isEmpty();
        assertThat(range("255.255.255.0/24", 25)
                        .firstFree(List.of(Subnet.parse("255.255.255.255/32"), Subnet.parse("255.255.255.3/32"))))
                .isEmpty();
    }

    @Test
    void a_range_that_cannot_be_divided_so_is_refused() {
        assertThatThrownBy(() -> range("10.0.0.0/16", 15))
                .hasMessage("subnets of 10.0.0.0/16 have a prefix length of 16 to 32, not 15");
        assertThatThrownBy(() -> range("fd00::/64", 129))
                .hasMessage("subnets of fd00::/64 have a prefix length of 64 to 128, not 129");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.64.0.0/10 by /24", "fd77:6566:7400::/48 by /64"})
    void what_it_writes_it_reads(String text) {
        assertThat(PoolRange.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "10.64.0.0/10        | '10.64.0.0/10' is not a subnet and the length of its parts, such as 10.64.0.0/10 by /24",
                "10.64.0.0/10 by 24  | '10.64.0.0/10 by 24' is not a subnet and the length of its parts,"
                        + " such as 10.64.0.0/10 by /24",
                "10.64.0.0/10 by /9  | subnets of 10.64.0.0/10 have a prefix length of 10 to 32, not 9",
                "10.64.0.1/10 by /24 | 10.64.0.1/10 has bits behind its prefix; the subnet is 10.64.0.0/10",
                "10.64/10 by /24     | '10.64/10' is not an address with a prefix length, such as 10.0.0.5/24",
            })
    void what_else_is_written_is_refused_in_words(String text, String sentence) {
        assertThatThrownBy(() -> PoolRange.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(sentence);
    }

    /// Against trying one subnet after the other.
    @Test
    void it_chooses_as_one_would_who_tries_all() {
        System.out.println("seed " + SEED);
        var random = new Random(SEED);
        var range = range("10.1.0.0/16", 24);
        var all = IntStream.range(0, 256)
                .mapToObj(third -> Subnet.parse("10.1." + third + ".0/24"))
                .toList();
        for (int round = 0; round < 2_000; round++) {
            var taken = new ArrayList<Subnet>();
            for (int i = random.nextInt(150); i > 0; i--) {
                int length = 17 + random.nextInt(16);
                var address = Subnet.parse(
                        "10." + random.nextInt(3) + "." + random.nextInt(256) + "." + random.nextInt(256) + "/32");
                taken.add(Subnet.containing(address.address(), length));
            }
            var tried = all.stream()
                    .filter(subnet -> taken.stream().noneMatch(subnet::overlaps))
                    .findFirst();
            assertThat(range.firstFree(taken)).isEqualTo(tried);
        }
    }
}
