package dev.weft.inet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
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
}
