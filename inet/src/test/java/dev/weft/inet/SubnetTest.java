package dev.weft.inet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SubnetTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8,     10.255.255.255, true",
        "10.0.0.0/8,     11.0.0.0,       false",
        "10.0.0.4/31,    10.0.0.5,       true",
        "10.0.0.4/31,    10.0.0.6,       false",
        "10.0.0.4/32,    10.0.0.4,       true",
        "0.0.0.0/0,      203.0.113.9,    true",
        "0.0.0.0/0,      ::1,            false",
        "fd00::/64,      fd00::ffff,     true",
        "fd00::/64,      fd00:0:0:1::,   false",
        "fd00::80/121,   fd00::ff,       true",
        "fd00::80/121,   fd00::7f,       false",
    })
    void it_contains_the_addresses_that_share_its_prefix(String subnet, String address, boolean contained) {
        assertThat(Subnet.parse(subnet).contains(InetAddress.ofLiteral(address)))
                .isEqualTo(contained);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8,   10.1.0.0/16, true",
        "10.1.0.0/16,  10.0.0.0/8,  true",
        "10.0.0.0/16,  10.1.0.0/16, false",
        "0.0.0.0/0,    ::/0,        false",
    })
    void subnets_overlap_when_one_holds_the_other(String one, String other, boolean overlap) {
        assertThat(Subnet.parse(one).overlaps(Subnet.parse(other))).isEqualTo(overlap);
    }

    @Test
    void bits_behind_the_prefix_are_refused_and_the_subnet_is_named() {
        assertThatThrownBy(() -> Subnet.parse("10.0.5.1/16"))
                .hasMessage("10.0.5.1/16 has bits behind its prefix; the subnet is 10.0.0.0/16");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/24,        10.0.0.255,      9.255.255.255,   10.0.1.0",
        "0.0.0.0/8,          0.255.255.255,   ,                1.0.0.0",
        "255.255.255.254/31, 255.255.255.255, 255.255.255.253, ",
        "0.0.0.0/0,          255.255.255.255, ,                ",
        "10.0.0.7/32,        10.0.0.7,        10.0.0.6,        10.0.0.8",
        "fd00::/64,          fd00::ffff:ffff:ffff:ffff, fcff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, fd00:0:0:1::",
    })
    void it_has_a_last_address_and_neighbors(String text, String last, @Nullable String below, @Nullable String above) {
        var subnet = Subnet.parse(text);
        assertThat(subnet.last()).isEqualTo(InetAddress.ofLiteral(last));
        assertThat(subnet.below()).isEqualTo(Optional.ofNullable(below).map(InetAddress::ofLiteral));
        assertThat(subnet.above()).isEqualTo(Optional.ofNullable(above).map(InetAddress::ofLiteral));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/24, 10.0.0.0/24,  ''",
        "10.0.0.0/24, 10.0.0.0/25,  10.0.0.128/25",
        "10.0.0.0/29, 10.0.0.5/32,  10.0.0.0/30 10.0.0.4/32 10.0.0.6/31",
        "fd00::/126,  fd00::3/128,  fd00::/127 fd00::2/128",
    })
    void what_is_left_without_a_part_is_as_few_subnets_as_can_be(String whole, String part, String rest) {
        assertThat(Subnet.parse(whole).without(Subnet.parse(part)))
                .extracting(Subnet::toString)
                .isEqualTo(rest.isEmpty() ? List.of() : List.of(rest.split(" ")));
    }

    @Test
    void a_subnet_without_what_is_not_of_it_cannot_be() {
        assertThatThrownBy(() -> Subnet.parse("10.0.0.0/24").without(Subnet.parse("10.0.0.0/23")))
                .hasMessage("10.0.0.0/23 is no part of 10.0.0.0/24");
    }
}
