package dev.weft.drivers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MacChoiceTest {
    private static MacAddress ofIpv6(String address) {
        return MacChoice.of(null, Cidr.parse(address), new Random(1));
    }

    @Test
    void it_is_the_IPv4_address_where_there_is_one() {
        assertThat(MacChoice.of(Cidr.parse("10.1.2.3/16"), Cidr.parse("fd01::9/64"), new Random(1)))
                .isEqualTo(MacAddress.parse("02:42:0a:01:02:03"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fd01::%x/64", "fd01:2:3:4:5:6:7:%x/64", "2001:db8::aaaa:%x:1/64"})
    void IPv6_addresses_that_differ_in_the_last_four_bytes_alone_never_have_the_same(String addresses) {
        var chosen = new HashSet<MacAddress>();
        for (int number = 0; number < 0x10000; number++) {
            chosen.add(ofIpv6(addresses.formatted(number)));
        }
        assertThat(chosen).hasSize(0x10000);
    }

    @Test
    void IPv6_addresses_that_differ_further_ahead_have_others_and_the_same_has_the_same() {
        var chosen = new HashSet<MacAddress>();
        for (int number = 0; number < 100; number++) {
            chosen.add(ofIpv6("fd01:%x::2/64".formatted(number)));
            chosen.add(ofIpv6("fd01::%x:0:0:2/64".formatted(number + 1)));
            chosen.add(ofIpv6("fd01::%x:0:2/64".formatted(number + 1)));
        }
        assertThat(chosen).hasSize(300);
        assertThat(ofIpv6("fd01::20/64")).isEqualTo(ofIpv6("fd01::20/64")).isNotEqualTo(ofIpv6("fd01::101/64"));
    }

    @Test
    void without_an_address_it_is_any() {
        assertThat(MacChoice.of(null, null, new Random(1)).toString()).startsWith("02:42:");
        assertThat(MacChoice.of(null, null, new Random(1))).isNotEqualTo(MacChoice.of(null, null, new Random(2)));
    }
}
