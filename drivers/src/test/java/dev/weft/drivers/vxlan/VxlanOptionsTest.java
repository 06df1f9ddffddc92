package dev.weft.drivers.vxlan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inet.Subnet;
import dev.weft.plugin.Refusal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class VxlanOptionsTest {
    private static final String MTU = "com.docker.network.driver.mtu";
    private static final String KNOWN =
            "com.docker.network.bridge.enable_icc, com.docker.network.driver.mtu, egress_rate,"
                    + " flood, host_access, ingress_rate, mode, routes, scope, vni, weft.network";
    private static final List<Subnet> IPV4 = List.of(Subnet.parse("10.1.0.0/24"));
    private static final List<Subnet> IPV6 = List.of(Subnet.parse("10.1.0.0/24"), Subnet.parse("fd00:1::/64"));
    private static final Underlay ETHERNET = new Underlay("eth0", 1500, false);

    @Test
    void without_options_the_MTU_is_the_underlays_less_the_encapsulation() {
        assertThat(VxlanOptions.parse(Map.of(), IPV4, ETHERNET).mtu()).isEqualTo(1450);
        assertThat(VxlanOptions.parse(Map.of(), IPV6, new Underlay("eth0", 9000, true))
                        .mtu())
                .isEqualTo(8930);
    }

    @Test
    void the_given_MTU_is_the_one_inside() {
        assertThat(VxlanOptions.parse(Map.of("mode", "vxlan", MTU, "1400"), IPV4, ETHERNET)
                        .mtu())
                .isEqualTo(1400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "67", "1451", "-1", "99999999999"})
    void an_MTU_that_the_host_cannot_carry_is_refused_with_the_range(String mtu) {
        assertThatThrownBy(() -> VxlanOptions.parse(Map.of(MTU, mtu), IPV4, ETHERNET))
                .isInstanceOf(Refusal.class)
                .hasMessage("cannot create the network: option 'com.docker.network.driver.mtu' is '" + mtu
                        + "'; it is the MTU inside the network, from 68 to 1450 on this host"
                        + " (default route over eth0, MTU 1500).");
    }

    @Test
    void a_network_with_IPv6_has_at_least_1280_bytes() {
        assertThatThrownBy(() -> VxlanOptions.parse(Map.of(MTU, "1279"), IPV6, ETHERNET))
                .hasMessageContaining("from 1280 to 1450");
        assertThatThrownBy(() -> VxlanOptions.parse(Map.of(), IPV6, new Underlay("ppp0", 1300, false)))
                .hasMessage("cannot create the network: default route over ppp0, MTU 1300 leaves 1250 bytes inside"
                        + " the network, and IP needs 1280.");
    }

    @Test
    void every_mistake_is_told_at_once_with_the_known_options() {
        assertThatThrownBy(() -> VxlanOptions.parse(Map.of("vnni", "5", "parent", "eth0", MTU, "0"), IPV4, ETHERNET))
                .hasMessage("cannot create the network:"
                        + " unknown option 'parent'; known: " + KNOWN + ";"
                        + " unknown option 'vnni'; known: " + KNOWN + ";"
                        + " option 'com.docker.network.driver.mtu' is '0'; it is the MTU inside the network,"
                        + " from 68 to 1450 on this host (default route over eth0, MTU 1500).");
    }

    @Test
    void of_many_unknown_options_five_are_named() {
        var raw = new HashMap<String, String>();
        for (int i = 0; i < 1000; i++) {
            raw.put("option" + i, "");
        }
        assertThatThrownBy(() -> VxlanOptions.parse(raw, IPV4, ETHERNET))
                .hasMessageStartingWith("cannot create the network: unknown option 'option0'; known: ")
                .hasMessageContaining("unknown option 'option100'; known: ")
                .hasMessageEndingWith("; 995 more unknown options.");
    }
}
