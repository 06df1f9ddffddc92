package dev.weft.drivers.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inet.MacAddress;
import dev.weft.netlink.Bridge;
import dev.weft.netlink.LinkChange;
import dev.weft.netlink.LinkSpec;
import dev.weft.netlink.Netlink;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Steps against the running kernel.
@Tag("kernel")
@DisplayNameGeneration(ReplaceUnderscores.class)
class NetlinkKernelTest {
    private static final Step.CreateBridge BRIDGE = new Step.CreateBridge("br-1", 1450, "weft network 1");
    private static final Step.CreateVeth VETH =
            new Step.CreateVeth("veth-1", "weft-1", MacAddress.parse("02:42:0a:01:00:02"), 1450, "weft endpoint 1");
    private static final Step.AttachPort PORT = new Step.AttachPort("veth-1", "br-1", 1450, false, "weft endpoint 1");
    private static final Plan JOIN = Plan.of(BRIDGE, VETH, PORT);

    private TwoNamespaces namespaces;
    private Netlink host;
    private Netlink fabric;
    private Kernel kernel;

    @BeforeEach
    void open() throws Exception {
        namespaces = TwoNamespaces.make();
        host = namespaces.host;
        fabric = namespaces.fabric;
        kernel = namespaces.kernel;
    }

    @AfterEach
    void close() {
        if (namespaces != null) {
            namespaces.close();
        }
    }

    @Test
    void a_join_makes_a_bridge_with_a_port_whose_other_end_is_in_the_host() {
        assertThat(JOIN.applyTo(kernel)).containsExactly(BRIDGE, VETH, PORT);
        var bridge = fabric.link("br-1").orElseThrow();
        assertThat(bridge.kind()).isEqualTo(Bridge.defaults().multicastSnooping(false));
        assertThat(bridge.mtu()).isEqualTo(1450);
        assertThat(bridge.up()).isTrue();
        assertThat(bridge.alias()).isEqualTo("weft network 1");
        var port = fabric.link("veth-1").orElseThrow();
        assertThat(port.master()).isEqualTo(bridge.index());
        assertThat(port.up()).isTrue();
        assertThat(port.mtu()).isEqualTo(1450);
        assertThat(port.alias()).isEqualTo("weft endpoint 1");
        var end = host.link("weft-1").orElseThrow();
        assertThat(end.address()).isEqualTo(MacAddress.parse("02:42:0a:01:00:02"));
        assertThat(end.mtu()).isEqualTo(1450);
        assertThat(end.alias()).isEqualTo("weft endpoint 1");
        assertThat(kernel.hostHas("weft-1")).isTrue();
    }

    @Test
    void applied_again_it_changes_nothing() {
        JOIN.applyTo(kernel);
        var links = fabric.links();
        assertThat(JOIN.applyTo(kernel)).isEmpty();
        assertThat(fabric.links()).isEqualTo(links);
    }

    @Test
    void what_was_changed_by_hand_is_mended() {
        JOIN.applyTo(kernel);
        var bridge = fabric.link("br-1").orElseThrow();
        fabric.set(bridge.index(), LinkChange.none().down());
        var port = fabric.link("veth-1").orElseThrow();
        fabric.set(port.index(), LinkChange.none().mtu(1300).withoutMaster().down());
        assertThat(JOIN.applyTo(kernel)).containsExactly(BRIDGE, PORT);
        assertThat(fabric.link("br-1").orElseThrow().up()).isTrue();
        var mended = fabric.link("veth-1").orElseThrow();
        assertThat(mended.master()).isEqualTo(bridge.index());
        assertThat(mended.mtu()).isEqualTo(1450);
        assertThat(mended.up()).isTrue();
    }

    @Test
    void a_bridge_keeps_its_MTU_when_its_last_port_goes() {
        JOIN.applyTo(kernel);
        kernel.undo(VETH);
        assertThat(fabric.link("br-1").orElseThrow().mtu()).isEqualTo(1450);
    }

    @Test
    void undoing_leaves_nothing_in_either_namespace_and_may_be_repeated() {
        JOIN.applyTo(kernel);
        JOIN.undoIn(kernel);
        JOIN.undoIn(kernel);
        assertThat(fabric.links()).hasSize(1).allMatch(link -> link.name().equals("lo"));
        assertThat(kernel.hostHas("weft-1")).isFalse();
    }

    @Test
    void a_pair_goes_wherever_its_other_end_has_been_moved() throws Exception {
        JOIN.applyTo(kernel);
        try (var sandbox = TwoNamespaces.unnamed();
                var inSandbox = Netlink.open(sandbox)) {
            host.set(
                    host.link("weft-1").orElseThrow().index(), LinkChange.none().namespace(sandbox));
            assertThat(kernel.hostHas("weft-1")).isFalse();
            assertThat(inSandbox.link("weft-1")).isPresent();
            kernel.undo(VETH);
            assertThat(inSandbox.link("weft-1")).isEmpty();
        }
    }

    @Test
    void somebody_elses_links_in_our_place_are_named_and_left_alone() {
        fabric.add(LinkSpec.of("br-1", Bridge.defaults()).alias("mine"));
        var before = fabric.links();
        assertThatThrownBy(() -> kernel.apply(BRIDGE))
                .isInstanceOf(LinkConflict.class)
                .hasMessage("link br-1 exists and is not what Weft made (its alias is 'mine', not 'weft network 1');"
                        + " rename or remove it.");
        kernel.undo(BRIDGE);
        assertThat(fabric.links()).isEqualTo(before);
        host.add(LinkSpec.of("weft-1", Bridge.defaults()));
        assertThatThrownBy(() -> kernel.apply(VETH))
                .hasMessage("link weft-1 stands in the host's network namespace already; rename or remove it.");
        assertThat(fabric.link("veth-1")).isEmpty();
    }

    @Test
    void a_link_without_an_alias_in_our_place_is_taken_over() {
        fabric.add(LinkSpec.of("br-1", Bridge.defaults()));
        assertThat(JOIN.applyTo(kernel)).containsExactly(BRIDGE, VETH, PORT);
        assertThat(fabric.link("br-1").orElseThrow().alias()).isEqualTo("weft network 1");
        assertThat(fabric.link("br-1").orElseThrow().mtu()).isEqualTo(1450);
    }

    @Test
    void a_link_of_another_kind_in_our_place_is_named_and_left_alone() {
        fabric.add(LinkSpec.of("veth-1", Bridge.defaults()));
        assertThatThrownBy(() -> kernel.apply(VETH))
                .hasMessage("link veth-1 is of kind 'bridge' and is not what Weft made; rename or remove it.");
        kernel.undo(VETH);
        assertThat(fabric.link("veth-1")).isPresent();
    }

    @Test
    void a_port_without_its_bridge_or_itself_says_what_to_do() {
        kernel.apply(VETH);
        assertThatThrownBy(() -> kernel.apply(PORT)).hasMessageContaining("link br-1 is gone");
        kernel.undo(VETH);
        kernel.apply(BRIDGE);
        assertThatThrownBy(() -> kernel.apply(PORT))
                .hasMessage("link veth-1 is gone; disconnect its container from the network and connect it again.");
    }

    @Test
    void a_container_that_sends_with_anothers_MAC_address_does_not_get_what_is_for_that() throws IOException {
        JOIN.then(Plan.of(
                        new Step.AddStation("veth-1", MacAddress.parse("02:42:0a:01:00:02")),
                        new Step.CreateVeth(
                                "veth-2", "weft-2", MacAddress.parse("02:42:0a:01:00:03"), 1450, "weft endpoint 2"),
                        new Step.AttachPort("veth-2", "br-1", 1450, false, "weft endpoint 2")))
                .applyTo(kernel);
        namespaces.inHost("ip link set weft-1 up; ip addr add 10.1.0.3/24 dev weft-2");
        sendFromSecond("02:42:0a:01:00:02");
        sendFromSecond("02:00:00:00:00:99");
        namespaces.inFabric(
                "until bridge fdb show br br-1 | grep -q '02:00:00:00:00:99 dev veth-2'; do sleep 0.1; done");
        assertThat(namespaces.inFabric("bridge fdb show br br-1"))
                .contains("02:42:0a:01:00:02 dev veth-1 sticky master br-1 static")
                .doesNotContain("02:42:0a:01:00:02 dev veth-2");
    }

    /// An ARP request for the address of another.
    private void sendFromSecond(String mac) throws IOException {
        namespaces.inHost("ip link set weft-2 down; ip link set weft-2 address " + mac + " up");
        namespaces.inFabric("until bridge link show dev veth-2 | grep -q forwarding; do sleep 0.1; done");
        namespaces.hostNamespace.<Boolean, IOException>call(() -> {
            try (var socket = new DatagramSocket()) {
                socket.send(new DatagramPacket(new byte[1], 1, InetAddress.ofLiteral("10.1.0.9"), 9));
            }
            return true;
        });
    }

    @Test
    void links_of_ours_are_known_by_their_aliases() {
        JOIN.applyTo(kernel);
        fabric.add(LinkSpec.of("other", Bridge.defaults()).alias("weftless"));
        assertThat(kernel.view().aliases()).containsExactlyInAnyOrder("weft network 1", "weft endpoint 1");
    }
}
