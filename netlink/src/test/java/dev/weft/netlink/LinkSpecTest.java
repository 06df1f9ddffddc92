package dev.weft.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inet.Vni;
import java.net.InetAddress;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LinkSpecTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "eth0", "fifteen-letters", "größe", "br-0.1_x"})
    void what_the_kernel_takes_is_a_name(String name) {
        assertThat(LinkSpec.of(name, Bridge.defaults()).name()).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({
        "'',has 0 bytes; 1 to 15 are possible",
        "sixteen-letters-,has 16 bytes; 1 to 15 are possible",
        "größegrößegrö,has 18 bytes; 1 to 15 are possible",
        "a/b,'contains SOLIDUS; letters, digits, ''.'', ''-'' and ''_'' are safe'",
        "a b,'contains SPACE; letters, digits, ''.'', ''-'' and ''_'' are safe'",
        "veth%d,'contains PERCENT SIGN; letters, digits, ''.'', ''-'' and ''_'' are safe'",
        "..,names a directory"
    })
    void anything_else_is_refused_with_the_reason(String name, String reason) {
        assertThatThrownBy(() -> LinkSpec.of(name, Bridge.defaults()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + name + "' is not a link name: it " + reason);
        assertThatThrownBy(() -> LinkChange.none().name(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void an_alias_has_at_most_255_bytes() {
        assertThat(LinkChange.none().alias("x".repeat(255)).alias()).hasSize(255);
        assertThatThrownBy(() -> LinkChange.none().alias("x".repeat(256)))
                .hasMessage("a link's alias of 256 bytes; 255 are possible");
        assertThatThrownBy(() -> LinkSpec.of("br0", Bridge.defaults()).alias("ö".repeat(128)))
                .hasMessage("a link's alias of 256 bytes; 255 are possible");
    }

    @Test
    void a_veth_peer_with_a_master_is_refused() {
        assertThatThrownBy(() -> new Veth(LinkSpec.peer("p0").master(3)))
                .hasMessage("veth peer p0: it cannot be born with a master or a parent; set them afterwards");
    }

    @Test
    void settings_of_a_kind_that_make_no_sense_are_refused() {
        var vxlan = Vxlan.of(new Vni(5));
        assertThatThrownBy(() -> vxlan.port(65536)).hasMessage("VXLAN port 65536 is not between 0 and 65535");
        assertThatThrownBy(() -> vxlan.ttl(256)).hasMessage("VXLAN TTL 256 is not between 0 and 255");
        assertThatThrownBy(
                        () -> vxlan.local(InetAddress.ofLiteral("10.0.0.1")).remote(InetAddress.ofLiteral("fd00::1")))
                .hasMessage("VXLAN 5: local address 10.0.0.1 and remote address fd00::1 are of different IP versions");
        assertThatThrownBy(() -> new Vlan(4095)).hasMessage("VLAN 4095 is not between 1 and 4094");
        assertThatThrownBy(() -> Bridge.defaults().ageingSeconds(-1))
                .hasMessage("ageing time of a bridge: -1 s is out of range");
        assertThatThrownBy(() -> LinkSpec.of("br0", Bridge.defaults()).mtu(-1)).hasMessage("link br0: an MTU of -1");
    }
}
