package dev.weft.inet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CidrTest {
    @Test
    void host_bits_are_kept_and_the_subnet_is_without_them() {
        var cidr = Cidr.parse("10.50.8.77/20");
        assertThat(cidr).hasToString("10.50.8.77/20");
        assertThat(cidr.subnet()).hasToString("10.50.0.0/20");
        assertThat(cidr.isIpv4()).isTrue();
    }

    @Test
    void an_IPv6_address_is_read_and_its_subnet_known() {
        var cidr = Cidr.parse("fd00:77::5/64");
        assertThat(cidr.address()).isEqualTo(InetAddress.ofLiteral("fd00:77::5"));
        assertThat(cidr.subnet()).isEqualTo(Subnet.parse("fd00:77::/64"));
        assertThat(cidr.isIpv4()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/24",
                "10.0.0.1",
                "10.0.0.1/",
                "10.0.0.1/33",
                "10.0.0.1/-1",
                "10.0.0.1/x",
                "::1/129",
                "localhost/8",
                "10.0.0.1/24/3",
                "10.1/16",
                "10.0.0.1/+24",
                "::ffff:10.0.0.1/24",
                "fe80::1%lo/64"
            })
    void anything_else_is_refused_and_quoted(String text) {
        assertThatThrownBy(() -> Cidr.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text + "' is not an address with a prefix length, such as 10.0.0.5/24");
    }
}
