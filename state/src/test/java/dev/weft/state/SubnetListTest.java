package dev.weft.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inet.Cidr;
import dev.weft.inet.Subnet;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SubnetListTest {
    private static final Subnet IPV4 = Subnet.parse("10.1.0.0/24");
    private static final Subnet IPV6 = Subnet.parse("fd00::/64");

    @Test
    void what_is_written_is_read_again() {
        var subnets = List.of(
                new NetworkSubnet(IPV4, Cidr.parse("10.1.0.1/24"), "weft-local", Cidr.parse("10.1.0.9/24")),
                new NetworkSubnet(IPV6, null, "odd host of via, x", Cidr.parse("fd00::9/64")),
                new NetworkSubnet(Subnet.parse("10.2.0.0/24"), Cidr.parse("10.2.0.1/24"), ""),
                new NetworkSubnet(Subnet.parse("fd01::/64"), null, "LocalDefault"));
        var text = SubnetList.write(subnets);
        assertThat(text)
                .isEqualTo("10.1.0.0/24 via 10.1.0.1/24 host 10.1.0.9/24 of weft-local, fd00::/64 host fd00::9/64 of"
                        + " odd+host+of+via%2C+x, 10.2.0.0/24 via 10.2.0.1/24 of , fd01::/64 of LocalDefault");
        assertThat(SubnetList.read(text)).isEqualTo(subnets);
        assertThat(SubnetList.read(SubnetList.write(List.of()))).isEmpty();
    }

    @Test
    void what_was_written_before_there_were_addresses_of_the_host_is_read_too() {
        assertThat(SubnetList.read("10.1.0.0/24 via 10.1.0.1/24 of weft-local, fd00::/64 of LocalDefault"))
                .containsExactly(
                        new NetworkSubnet(IPV4, Cidr.parse("10.1.0.1/24"), "weft-local"),
                        new NetworkSubnet(IPV6, null, "LocalDefault"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "10.1.0.0/24",
                "10.1.0.0/24 of a,fd00::/64 of b",
                "10.1.0.0/24 of a, ",
                "10.1.0.0/24 host of a",
                "10.1.0.0/24 host  of a",
                "10.1.0.0/24 host 10.1.0.9 of a",
                "10.1.0.0/24 host 10.1.0.9/24 host 10.1.0.8/24 of a",
                "10.1.0.0/24 host 10.1.0.9/24 via 10.1.0.1/24 of a",
                "10.1.0.0/24 via 10.1.0.1/24 via 10.1.0.2/24 of a",
                "10.1.0.0/24 via 10.1.0.1/24 host  of a",
                " host 10.1.0.9/24 of a",
                "10.1.0.0/24 of %",
                "10.1.0.0/24 of a of b",
                "10.1.0.0/33 of a"
            })
    void garbage_is_refused(String text) {
        assertThatThrownBy(() -> SubnetList.read(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
