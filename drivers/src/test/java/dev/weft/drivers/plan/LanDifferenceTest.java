package dev.weft.drivers.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.inet.Subnet;
import dev.weft.netlink.Macvlan;
import dev.weft.plugin.StaticRoute;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a person may do to what there is of a network on a LAN, and which steps that is the concern of.
@Tag("kernel")
@DisplayNameGeneration(ReplaceUnderscores.class)
class LanDifferenceTest {
    private static final Macvlan BRIDGE = new Macvlan(Macvlan.Mode.BRIDGE);
    private static final String SHIM = "ip link add link ";
    private static final Plan ALL = Plan.of(
            new Step.NeedParent("lan0"),
            new Step.CreateLanLink("whost-1", "lan0", BRIDGE, null, 0, "weft host 1"),
            new Step.AddressHostEnd(
                    "whost-1", null, 0, List.of(Cidr.parse("10.1.0.9/32"), Cidr.parse("fd01::9/128")), "weft host 1"),
            new Step.Restore(
                    new Step.CreateLanLink(
                            "weft-1", "lan0", BRIDGE, MacAddress.parse("02:42:0a:01:00:02"), 1400, "weft endpoint 1"),
                    PinnedSandbox.PATH,
                    "eth0",
                    List.of(Cidr.parse("10.1.0.2/24"), Cidr.parse("fd01::2/64")),
                    List.of(new StaticRoute(Subnet.parse("0.0.0.0/0"), InetAddress.ofLiteral("10.1.0.1")))),
            new Step.RouteFromHost("whost-1", InetAddress.ofLiteral("10.1.0.2")),
            new Step.RouteFromHost("whost-1", InetAddress.ofLiteral("fd01::2")));

    private TwoNamespaces namespaces;
    private PinnedSandbox sandbox;
    private Mending mending;

    @BeforeEach
    void makeAll() throws Exception {
        namespaces = TwoNamespaces.make();
        sandbox = new PinnedSandbox();
        namespaces.inHost("ip link add lan0 up type veth peer lan1; ip link set lan1 up;"
                + " ip link add other up type veth peer other1");
        mending = new Mending(namespaces.kernel, ALL);
        assertThat(ALL.applyTo(namespaces.kernel))
                .isEqualTo(ALL.steps().subList(1, ALL.steps().size()));
    }

    @AfterEach
    void close() {
        if (namespaces != null) {
            sandbox.close();
            namespaces.close();
        }
    }

    @Test
    void what_was_just_made_is_as_wanted_and_making_it_again_changes_nothing() {
        assertThat(mending.missing()).isEmpty();
        assertThat(ALL.applyTo(namespaces.kernel)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ip link del whost-1|CreateLanLink(whost-1) AddressHostEnd(whost-1) RouteFromHost(10.1.0.2)"
                        + " RouteFromHost(fd01::2)",
                "ip link set whost-1 alias ''|CreateLanLink(whost-1) AddressHostEnd(whost-1)",
                "ip link set whost-1 type macvlan mode private|CreateLanLink(whost-1)",
                "ip link del whost-1; " + SHIM + "other name whost-1 type macvlan mode bridge;"
                        + " ip link set whost-1 alias 'weft host 1'|CreateLanLink(whost-1) AddressHostEnd(whost-1)"
                        + " RouteFromHost(10.1.0.2) RouteFromHost(fd01::2)",
                "ip link set whost-1 down; ip link set whost-1 name mine|CreateLanLink(whost-1)"
                        + " AddressHostEnd(whost-1) RouteFromHost(10.1.0.2) RouteFromHost(fd01::2)",
                "ip link set whost-1 down|AddressHostEnd(whost-1) RouteFromHost(10.1.0.2) RouteFromHost(fd01::2)",
                "ip addr del 10.1.0.9/32 dev whost-1|AddressHostEnd(whost-1) RouteFromHost(10.1.0.2)",
                "ip addr del fd01::9/128 dev whost-1|AddressHostEnd(whost-1)",
                "echo 0 > /proc/sys/net/ipv4/conf/whost-1/arp_filter|AddressHostEnd(whost-1)",
                "echo 1 > /proc/sys/net/ipv6/conf/whost-1/accept_ra|AddressHostEnd(whost-1)",
                "echo 1 > /proc/sys/net/ipv6/conf/whost-1/disable_ipv6|AddressHostEnd(whost-1)"
                        + " RouteFromHost(fd01::2)"
            })
    void the_hosts_access(String command, String steps) {
        namespaces.inHost(command);
        mending.isSeenAndDone(steps);
    }

    @ParameterizedTest
    @CsvSource({
        "ip route del 10.1.0.2 dev whost-1, RouteFromHost(10.1.0.2)",
        "ip route del fd01::2 dev whost-1, RouteFromHost(fd01::2)"
    })
    void the_hosts_way_to_a_container(String command, String steps) {
        namespaces.inHost(command);
        mending.isSeenAndDone(steps);
    }

    @ParameterizedTest
    @CsvSource({"ip link del eth0, Restore", "ip link set eth0 alias '', Restore"})
    void a_containers_link(String command, String step) {
        sandbox.run(command);
        mending.isSeenAndDone(step + "(weft-1)");
        assertThat(sandbox.run("ip -o addr show eth0; ip route"))
                .contains("10.1.0.2/24", "fd01::2/64", "default via 10.1.0.1 dev eth0");
    }

    @Test
    void a_parent_that_was_made_again_gets_all_that_stood_on_the_old_one() {
        namespaces.inHost("ip link del lan0");
        assertThatThrownBy(() -> ALL.applyTo(namespaces.kernel))
                .isInstanceOf(LinkConflict.class)
                .hasMessage("link lan0 is not on this host, and the network stands on it: bring it back, or remove the"
                        + " network and make it with another 'parent'.");
        assertThat(mending.missing()).isEqualTo(ALL.steps());
        namespaces.inHost("ip link add lan0 up type veth peer lan1; ip link set lan1 up");
        ALL.applyTo(namespaces.kernel);
        assertThat(mending.missing()).isEmpty();
    }

    @Test
    void a_parent_that_was_renamed_is_told_and_all_is_as_it_was_when_it_has_its_name_again() {
        namespaces.inHost("ip link set lan0 down; ip link set lan0 name lan7 up");
        assertThatThrownBy(() -> ALL.applyTo(namespaces.kernel)).hasMessageContaining("link lan0 is not on this host");
        namespaces.inHost("ip link set lan7 down; ip link set lan7 name lan0 up");
        ALL.applyTo(namespaces.kernel);
        assertThat(mending.missing()).isEmpty();
        assertThat(sandbox.run("ip -o addr show eth0")).contains("10.1.0.2/24");
    }

    @Test
    void a_parent_that_went_down_and_up_has_all_on_it_as_before() {
        namespaces.inHost("ip link set lan0 down; ip link set lan0 up");
        ALL.applyTo(namespaces.kernel);
        assertThat(mending.missing()).isEmpty();
    }

    @Test
    void links_of_others_on_the_parent_and_routes_of_others_stay_whatever_is_mended_or_undone() {
        namespaces.inHost("ip link add link lan0 name mine type macvlan mode bridge;"
                + " ip link add link lan0 name whost-2 type macvlan mode bridge; ip link set whost-2 alias 'mine too';"
                + " ip route add 10.1.0.3 dev whost-1");
        namespaces.inHost("ip addr del 10.1.0.9/32 dev whost-1; ip addr add 10.1.0.9/32 dev whost-1;"
                + " ip route replace 10.1.0.3 dev whost-1; ip route replace 10.1.0.2 dev whost-1");
        ALL.applyTo(namespaces.kernel);
        assertThat(namespaces.inHost("ip route; ip -o link")).contains("10.1.0.3 dev whost-1", " mine@", " whost-2@");
        ALL.undoIn(namespaces.kernel);
        ALL.undoIn(namespaces.kernel);
        assertThat(namespaces.inHost("ip -o link"))
                .contains(" mine@", " whost-2@", " lan0@")
                .doesNotContain("whost-1");
        assertThat(sandbox.run("ip -o link")).doesNotContain("eth0");
    }
}
