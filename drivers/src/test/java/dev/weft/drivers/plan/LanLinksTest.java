package dev.weft.drivers.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.drivers.plan.Kernel.Outcome;
import dev.weft.inet.MacAddress;
import dev.weft.netlink.Ipvlan;
import dev.weft.netlink.LinkKind;
import dev.weft.netlink.Macvlan;
import java.net.InetAddress;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Links on a parent of the host's, on the running kernel.
@Tag("kernel")
@DisplayNameGeneration(ReplaceUnderscores.class)
class LanLinksTest {
    private static final MacAddress MAC = MacAddress.parse("02:42:0a:01:00:02");
    private static final Step.CreateLanLink LINK = link("weft-1", Macvlan.Mode.BRIDGE);

    private TwoNamespaces namespaces;
    private Kernel kernel;

    @BeforeEach
    void open() throws Exception {
        namespaces = TwoNamespaces.make();
        kernel = namespaces.kernel;
        namespaces.inHost("ip link add lan0 up type veth peer lan1; ip link set lan1 up");
    }

    @AfterEach
    void close() {
        if (namespaces != null) {
            namespaces.close();
        }
    }

    private static Step.CreateLanLink link(String name, Macvlan.Mode mode) {
        return new Step.CreateLanLink(name, "lan0", new Macvlan(mode), MAC, 1400, "weft endpoint 1");
    }

    private void assertRefused(Step step, String sentence) {
        var before = namespaces.inHost("ip -o link");
        assertThatThrownBy(() -> kernel.apply(step))
                .isInstanceOf(LinkConflict.class)
                .hasMessage(sentence);
        assertThat(namespaces.inHost("ip -o link")).isEqualTo(before);
    }

    private boolean made(String command) {
        return namespaces.inHost(command + " 2>/dev/null && echo yes || true").contains("yes");
    }

    @Test
    void a_link_has_its_MAC_address_its_MTU_its_mode_and_its_alias_and_is_down_until_the_engine_has_it() {
        assertThat(kernel.apply(LINK)).isEqualTo(Outcome.CREATED);
        assertThat(namespaces.inHost("ip -d -o link show weft-1"))
                .contains(
                        "weft-1@lan0",
                        "mtu 1400",
                        "02:42:0a:01:00:02",
                        "macvlan mode bridge",
                        "alias weft endpoint 1",
                        "state DOWN");
        assertThat(kernel.apply(LINK)).isEqualTo(Outcome.FOUND);
        assertThat(kernel.hostHas("weft-1")).isTrue();
        assertThat(kernel.view().aliases()).containsExactly("weft endpoint 1");
        assertThat(kernel.remove("weft endpoint 1")).isEqualTo(1);
        assertThat(kernel.hostHas("weft-1")).isFalse();
    }

    @Test
    void without_a_MTU_it_has_the_parents() {
        namespaces.inHost("ip link set lan0 mtu 1300");
        kernel.apply(new Step.CreateLanLink("weft-1", "lan0", LINK.kind(), null, 0, "weft endpoint 1"));
        assertThat(namespaces.inHost("ip -o link show weft-1")).contains("mtu 1300");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bridge", "private", "vepa", "passthru"})
    void every_mode_of_macvlan_is_made_and_made_again_changes_nothing(String mode) {
        var link = link("weft-1", Macvlan.Mode.valueOf(mode.toUpperCase(Locale.ROOT)));
        kernel.apply(link);
        assertThat(namespaces.inHost("ip -d link show weft-1")).contains("macvlan mode " + mode);
        assertThat(kernel.apply(link)).isEqualTo(Outcome.FOUND);
    }

    @Test
    void without_its_parent_a_link_is_not_made_and_the_sentence_says_what_to_do() {
        var sentence =
                "link lan9 is not on this host, and the network stands on it: bring it back, or remove the network"
                        + " and make it with another 'parent'.";
        assertRefused(new Step.NeedParent("lan9"), sentence);
        assertRefused(new Step.CreateLanLink("weft-1", "lan9", LINK.kind(), MAC, 0, "weft endpoint 1"), sentence);
        assertRefused(new Step.CreateVlan("lan9.20", "lan9", 20, "weft vlan lan9.20"), sentence);
    }

    @Test
    void a_parent_that_is_a_bridges_port_is_taken() {
        namespaces.inHost("ip link add br7 type bridge; ip link set lan0 master br7");
        assertRefused(
                LINK,
                "link lan0 is taken: it is a port of a bridge or a bond, or has links of the other kind on it (macvlan"
                        + " and ipvlan exclude each other, also those of other drivers); give another 'parent'.");
    }

    @Test
    void a_parent_with_links_of_others_that_are_in_any_namespace_is_not_free() {
        var need = new Step.NeedFreeParent("lan0", "wtry-1");
        var before = namespaces.inHost("ip -o link");
        assertThat(kernel.apply(need)).isEqualTo(Outcome.FOUND);
        assertThat(namespaces.inHost("ip -o link")).isEqualTo(before);
        namespaces.inHost("ip link add link lan0 name wtry-1 type macvlan"); // left by an agent that was killed
        kernel.undo(need);
        assertThat(namespaces.inHost("ip -o link")).isEqualTo(before);
        namespaces.inHost("ip link add br7 type bridge; ip link set lan0 master br7");
        assertRefused(
                need,
                "link lan0 is taken: it is a port of a bridge or a bond, or has links of the other kind on it (macvlan"
                        + " and ipvlan exclude each other, also those of other drivers); give another 'parent'.");
    }

    @Test
    void in_mode_passthru_a_link_has_its_parent_alone() {
        namespaces.inHost("ip link add link lan0 name mine type macvlan mode bridge");
        assertRefused(
                link("weft-1", Macvlan.Mode.PASSTHRU),
                "link lan0 has other links on it, and with macvlan_mode=passthru there can be one only: one container,"
                        + " on a parent of its own.");
        namespaces.inHost("ip link del mine; ip link add link lan0 name mine type macvlan mode passthru");
        assertThatThrownBy(() -> kernel.apply(LINK))
                .isInstanceOf(LinkConflict.class)
                .hasMessageStartingWith("link lan0 takes no macvlan link: it is no Ethernet, or a link in mode passthru"
                        + " has it (cannot ");
    }

    @Test
    void what_has_no_Ethernet_is_no_parent() {
        assertThatThrownBy(() ->
                        kernel.apply(new Step.CreateLanLink("weft-1", "lo", LINK.kind(), MAC, 0, "weft endpoint 1")))
                .isInstanceOf(LinkConflict.class)
                .hasMessageStartingWith("link lo takes no macvlan link: it is no Ethernet, ");
    }

    @ParameterizedTest
    @CsvSource({
        "ipvlan, ip link add link lan0 name probe type ipvlan, weft-1, ipvlan",
        "vlan, ip link add link lan0 name probe type vlan id 5, lan0.20, 8021q",
        "dummy, ip link add probe type dummy, wdum-1, dummy"
    })
    void what_this_kernel_lacks_is_told_with_the_module_that_has_it(
            String kind, String command, String link, String module) {
        if (made(command)) { // this kernel does not
            namespaces.inHost("ip link del probe");
            assertThat(kernel.apply(step(kind))).isEqualTo(Outcome.CREATED);
            return;
        }
        assertRefused(
                step(kind),
                "link " + link + " cannot be made, because this kernel has no links of kind '" + kind
                        + "': load its module with 'modprobe " + module + "', or run a kernel that has it.");
    }

    private static Step step(String kind) {
        LinkKind ipvlan = new Ipvlan(Ipvlan.Mode.L2, Ipvlan.Flag.BRIDGE);
        return switch (kind) {
            case "vlan" -> new Step.CreateVlan("lan0.20", "lan0", 20, "weft vlan lan0.20");
            case "dummy" -> new Step.CreateDummy("wdum-1", "weft network 1");
            default -> new Step.CreateLanLink("weft-1", "lan0", ipvlan, null, 0, "weft endpoint 1");
        };
    }

    @Test
    void a_link_that_a_person_has_called_like_a_VLAN_is_used_and_stays() {
        namespaces.inHost("ip link add lan0.20 type veth peer other");
        var before = namespaces.inHost("ip -o link");
        var vlan = step("vlan");
        assertThat(kernel.apply(vlan)).isEqualTo(Outcome.FOUND);
        kernel.undo(vlan);
        assertThat(namespaces.inHost("ip -o link")).isEqualTo(before);
    }

    @Test
    void somebody_elses_link_in_our_place_is_named_and_stays() {
        namespaces.inHost("ip link add link lan0 name weft-1 type macvlan mode bridge; ip link set weft-1 alias mine");
        assertRefused(
                LINK,
                "link weft-1 exists and is not what Weft made (its alias is 'mine', not 'weft endpoint 1'); rename or"
                        + " remove it.");
        kernel.undo(LINK);
        assertThat(kernel.hostHas("weft-1")).isTrue();
        namespaces.inHost("ip link del weft-1; ip link add weft-1 type bridge; ip link add wdum-1 type bridge");
        assertRefused(LINK, "link weft-1 is of kind 'bridge' and is not what Weft made; rename or remove it.");
        assertRefused(step("dummy"), "link wdum-1 is of kind 'bridge' and is not what Weft made; rename or remove it.");
        kernel.undo(LINK);
        kernel.undo(step("dummy"));
        assertThat(kernel.hostHas("weft-1")).isTrue();
        assertThat(kernel.hostHas("wdum-1")).isTrue();
    }

    @Test
    void a_link_without_an_alias_is_one_that_a_crash_left_and_is_taken_over() {
        namespaces.inHost("ip link add link lan0 name weft-1 address 02:42:0a:01:00:02 type macvlan mode bridge");
        int index = namespaces.host.link("weft-1").orElseThrow().index();
        assertThat(kernel.apply(LINK)).isEqualTo(Outcome.MENDED);
        assertThat(namespaces.host.link("weft-1").orElseThrow().index()).isEqualTo(index);
        assertThat(kernel.view().holds(LINK)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "link lan1 name weft-1 address 02:42:0a:01:00:02 type macvlan mode bridge",
                "link lan0 name weft-1 address 02:42:0a:01:00:02 type macvlan mode vepa",
                "link lan0 name weft-1 address 02:42:0a:01:00:03 type macvlan mode bridge"
            })
    void one_that_is_not_as_it_should_be_is_made_anew(String left) {
        namespaces.inHost("ip link add " + left + "; ip link set weft-1 alias 'weft endpoint 1'");
        assertThat(kernel.view().holds(LINK)).isFalse();
        assertThat(kernel.apply(LINK)).isEqualTo(Outcome.CREATED);
        assertThat(namespaces.inHost("ip -d -o link show weft-1"))
                .contains("weft-1@lan0", "02:42:0a:01:00:02", "macvlan mode bridge");
    }

    @Test
    void a_route_over_a_link_that_is_gone_says_so_and_is_undone_without_it() {
        var route = new Step.RouteFromHost("whost-1", InetAddress.ofLiteral("10.1.0.2"));
        assertRefused(route, "link whost-1 is gone; it is made again within a minute.");
        kernel.undo(route);
        namespaces.inHost("ip link add link lan0 name whost-1 up type macvlan mode bridge");
        kernel.undo(route);
        kernel.apply(route);
        assertThat(namespaces.inHost("ip route")).contains("10.1.0.2 dev whost-1");
        kernel.undo(route);
        assertThat(namespaces.inHost("ip route")).doesNotContain("10.1.0.2");
    }
}
