package dev.weft.drivers.lan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.drivers.lan.LanOptions.VlanName;
import dev.weft.drivers.neighbors.AnnouncementOptions;
import dev.weft.drivers.neighbors.Probe;
import dev.weft.inet.Subnet;
import dev.weft.netlink.Ipvlan;
import dev.weft.netlink.Macvlan;
import dev.weft.plugin.Refusal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LanOptionsTest {
    private static final String MTU = "com.docker.network.driver.mtu";
    private static final String OF_BOTH =
            "com.docker.network.advertise_addr_ms, com.docker.network.advertise_addr_nmsgs,"
                    + " com.docker.network.driver.mtu, host_access, ";
    private static final List<Subnet> IPV4 = List.of(Subnet.parse("10.1.0.0/24"));
    private static final List<Subnet> IPV6 = List.of(Subnet.parse("10.1.0.0/24"), Subnet.parse("fd00:1::/64"));
    private static final String NO_SUCH_LINK = "there is no such link on this host, nor one of which it would be a VLAN"
            + " (eth0, jumbo, ppp0 are there; VLAN 20 of eth0 is eth0.20)";

    private static LanOptions parse(LanKind kind, List<Subnet> subnets, String... options) {
        return LanOptions.parse(raw(options), kind, subnets, LanModes.HOST);
    }

    private static Map<String, String> raw(String... options) {
        var raw = new TreeMap<String, String>();
        for (var option : options) {
            raw.put(option.substring(0, option.indexOf('=')), option.substring(option.indexOf('=') + 1));
        }
        return raw;
    }

    private static void assertRefused(String problems, LanKind kind, List<Subnet> subnets, String... options) {
        assertThatThrownBy(() -> parse(kind, subnets, options))
                .isInstanceOf(Refusal.class)
                .hasMessage("cannot create the network: " + problems + ".");
    }

    @Test
    void without_options_it_is_bridge_or_l2_as_with_the_engines_own_drivers_and_probes_fast() {
        assertThat(parse(LanKind.MACVLAN, IPV4))
                .isEqualTo(new LanOptions(
                        "", new Macvlan(Macvlan.Mode.BRIDGE), 0, false, Probe.FAST, AnnouncementOptions.DEFAULT));
        assertThat(parse(LanKind.IPVLAN, IPV4).kind()).isEqualTo(new Ipvlan(Ipvlan.Mode.L2, Ipvlan.Flag.BRIDGE));
    }

    @ParameterizedTest
    @EnumSource
    void a_parent_is_a_link_or_a_VLAN_of_one_that_need_not_be_there_yet(LanKind kind) {
        assertThat(parse(kind, IPV4, "parent=eth0").parent()).isEqualTo("eth0");
        assertThat(parse(kind, IPV4, "parent=eth0.4094").parent()).isEqualTo("eth0.4094");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"eth1", "eth0.0", "eth0.4095", "eth0.020", "eth0.99999", "eth0.-1", "eth0.", ".20", "eth1.20"})
    void one_that_can_not_be_there_is_refused_with_those_that_are(String parent) {
        assertRefused(
                "option 'parent' is '" + parent + "'; " + NO_SUCH_LINK,
                LanKind.MACVLAN,
                IPV4,
                "parent=" + parent,
                MTU + "=1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "|it has 0 bytes; 1 to 15 are possible",
                "sixteen-bytes-00|it has 16 bytes; 1 to 15 are possible",
                "..|it names a directory",
                "eth0/20|it contains SOLIDUS; letters, digits, '.', '-' and '_' are safe"
            })
    void what_no_link_can_be_called_is_refused_with_the_reason(String name, String reason) {
        var parent = name == null ? "" : name;
        assertRefused("option 'parent' is '" + parent + "'; " + reason, LanKind.IPVLAN, IPV4, "parent=" + parent);
    }

    @Test
    void a_name_of_several_lines_or_very_many_characters_is_not_repeated_as_it_is() {
        assertRefused(
                "option 'parent' is 'a\\u000ab'; it contains LINE FEED (LF); letters, digits, '.', '-' and '_' are"
                        + " safe",
                LanKind.MACVLAN,
                IPV4,
                "parent=a\nb");
        assertRefused(
                "option 'parent' is '" + "a".repeat(64) + "…' (10000 characters); it has 10000 bytes; 1 to 15 are"
                        + " possible",
                LanKind.MACVLAN,
                IPV4,
                "parent=" + "a".repeat(10_000));
    }

    @Test
    void the_loopback_is_no_parent() {
        assertRefused(
                "option 'parent' is 'lo'; the loopback leads to no LAN; give a link such as eth0",
                LanKind.MACVLAN,
                IPV4,
                "parent=lo");
    }

    @ParameterizedTest
    @CsvSource({"eth0.20, eth0, 20", "a.b.1, a.b, 1", "eth0.4094, eth0, 4094"})
    void the_last_dot_separates_the_VLAN(String link, String parent, int id) {
        assertThat(VlanName.of(link)).hasValue(new VlanName(parent, id));
    }

    @ParameterizedTest
    @CsvSource({
        "jumbo, 9000, 9000",
        "jumbo.20, 9000, 9000",
        "eth0, 68, 1500",
    })
    void an_MTU_is_one_that_the_parent_can_carry(String parent, int mtu, int largest) {
        assertThat(parse(LanKind.MACVLAN, IPV4, "parent=" + parent, MTU + "=" + mtu)
                        .mtu())
                .isEqualTo(mtu);
        for (var wrong : List.of("67", "0", "-1", "x", "", Integer.toString(largest + 1))) {
            assertRefused(
                    "option '" + MTU + "' is '" + wrong + "'; it is the MTU of the containers' links, from 68 to "
                            + largest + ", which the parent has",
                    LanKind.MACVLAN,
                    IPV4,
                    "parent=" + parent,
                    MTU + "=" + wrong);
        }
    }

    @Test
    void without_a_parent_the_MTU_is_at_most_that_of_Ethernet() {
        assertRefused(
                "option '" + MTU + "' is '1501'; it is the MTU of the containers' links, from 68 to 1500, which the"
                        + " parent has",
                LanKind.IPVLAN,
                IPV4,
                MTU + "=1501");
    }

    @Test
    void a_network_with_IPv6_has_at_least_1280_bytes() {
        assertThat(parse(LanKind.IPVLAN, IPV6, "parent=eth0", MTU + "=1280").mtu())
                .isEqualTo(1280);
        assertRefused(
                "option '" + MTU + "' is '1279'; it is the MTU of the containers' links, from 1280 to 1500, which the"
                        + " parent has",
                LanKind.MACVLAN,
                IPV6,
                "parent=eth0",
                MTU + "=1279");
        assertRefused(
                "option 'parent' is 'ppp0'; its MTU is 1200, and IP needs 1280", LanKind.MACVLAN, IPV6, "parent=ppp0");
        assertThat(parse(LanKind.MACVLAN, IPV4, "parent=ppp0").mtu()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MACVLAN|macvlan_mode|bridge, private, vepa or passthru|BRIDGE",
                "MACVLAN|macvlan_mode|bridge, private, vepa or passthru|source",
                "MACVLAN|macvlan_mode|bridge, private, vepa or passthru|''",
                "IPVLAN|ipvlan_mode|l2, l3 or l3s|l4",
                "IPVLAN|ipvlan_mode|l2, l3 or l3s|L2",
                "IPVLAN|ipvlan_flag|bridge, private or vepa|passthru"
            })
    void a_mode_or_flag_that_there_is_not_is_refused_with_those_that_there_are(
            LanKind kind, String option, String known, String given) {
        assertRefused("option '" + option + "' is '" + given + "'; give " + known, kind, IPV4, option + "=" + given);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bridge", "private", "vepa", "passthru"})
    void every_mode_of_macvlan_is_taken(String mode) {
        assertThat(parse(LanKind.MACVLAN, IPV4, "macvlan_mode=" + mode).kind())
                .isEqualTo(new Macvlan(Macvlan.Mode.valueOf(mode.toUpperCase(Locale.ROOT))));
    }

    @ParameterizedTest
    @CsvSource({"l2, bridge, L2, BRIDGE", "l3, private, L3, PRIVATE", "l3s, vepa, L3S, VEPA"})
    void every_mode_and_flag_of_ipvlan_is_taken(String mode, String flag, Ipvlan.Mode wanted, Ipvlan.Flag wantedFlag) {
        assertThat(parse(LanKind.IPVLAN, IPV4, "ipvlan_mode=" + mode, "ipvlan_flag=" + flag)
                        .kind())
                .isEqualTo(new Ipvlan(wanted, wantedFlag));
    }

    @Test
    void options_of_the_other_mode_are_unknown() {
        assertRefused(
                "unknown option 'ipvlan_flag'; known: " + OF_BOTH
                        + "macvlan_mode, mode, parent, probe, scope, weft.network;"
                        + " unknown option 'ipvlan_mode'; known: " + OF_BOTH
                        + "macvlan_mode, mode, parent, probe, scope, weft.network",
                LanKind.MACVLAN,
                IPV4,
                "ipvlan_mode=l2",
                "ipvlan_flag=bridge");
        assertRefused(
                "unknown option 'macvlan_mode'; known: " + OF_BOTH
                        + "ipvlan_flag, ipvlan_mode, mode, parent, probe, scope, weft.network",
                LanKind.IPVLAN,
                IPV4,
                "macvlan_mode=bridge");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MACVLAN|macvlan_mode=private|with macvlan_mode=private links on one parent do not reach each other",
                "MACVLAN|macvlan_mode=vepa|with macvlan_mode=vepa links on one parent reach each other by a switch"
                        + " outside alone, if it reflects frames",
                "MACVLAN|macvlan_mode=passthru|with macvlan_mode=passthru there is one link on the parent, the"
                        + " container's",
                "IPVLAN|ipvlan_flag=private|with ipvlan_flag=private links on one parent do not reach each other within"
                        + " the host",
                "IPVLAN|ipvlan_flag=vepa|with ipvlan_flag=vepa links on one parent do not reach each other within the"
                        + " host"
            })
    void host_access_is_refused_where_the_kernel_cannot(LanKind kind, String option, String reason) {
        assertRefused(
                "option 'host_access' is 'true'; the host cannot be in such a network: " + reason,
                kind,
                IPV4,
                "host_access=true",
                option);
    }

    @ParameterizedTest
    @CsvSource({"MACVLAN, macvlan_mode=bridge", "IPVLAN, ipvlan_mode=l2", "IPVLAN, ipvlan_mode=l3"})
    void host_access_is_given_where_the_kernel_can(LanKind kind, String option) {
        assertThat(parse(kind, IPV4, "host_access=true", option).hostAccess()).isTrue();
    }

    @Test
    void every_mistake_is_told_at_once() {
        assertRefused(
                "option 'macvlan_mode' is 'x'; give bridge, private, vepa or passthru;"
                        + " option 'host_access' is 'yes'; give true or false;"
                        + " option 'probe' is 'slow'; give off, fast or rfc;"
                        + " option 'com.docker.network.advertise_addr_nmsgs' is '4'; it is how often each address is"
                        + " announced, from 0 to 3;"
                        + " option 'parent' is 'eth9'; " + NO_SUCH_LINK,
                LanKind.MACVLAN,
                IPV4,
                "parent=eth9",
                "macvlan_mode=x",
                "host_access=yes",
                "probe=slow",
                "com.docker.network.advertise_addr_nmsgs=4");
    }
}
