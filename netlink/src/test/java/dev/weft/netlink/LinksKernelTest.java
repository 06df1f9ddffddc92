package dev.weft.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inet.MacAddress;
import dev.weft.inet.Vni;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("kernel")
@DisplayNameGeneration(ReplaceUnderscores.class)
class LinksKernelTest {
    private static final MacAddress TWO = MacAddress.parse("02:00:00:00:00:02");
    private static final MacAddress THREE = MacAddress.parse("02:00:00:00:00:03");

    @RegisterExtension
    private final TestNamespaces namespaces = new TestNamespaces();

    @Test
    void a_new_namespace_has_nothing_but_a_loopback_that_is_down() {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here)) {
            assertThat(netlink.links())
                    .containsExactly(new Link(
                            1, "lo", new LinkKind.Other(""), 65536, new MacAddress(0), false, false, 0, 0, -1, ""));
        }
    }

    @Test
    void a_bridge_is_made_with_everything_in_it() {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here)) {
            netlink.add(LinkSpec.of("br0", new Bridge(false, false, 60))
                    .mtu(1400)
                    .address(TWO)
                    .alias("weft: größe")
                    .up());
            var bridge = netlink.link("br0").orElseThrow();
            assertThat(bridge.kind()).isEqualTo(new Bridge(false, false, 60));
            assertThat(bridge.mtu()).isEqualTo(1400);
            assertThat(bridge.address()).isEqualTo(TWO);
            assertThat(bridge.alias()).isEqualTo("weft: größe");
            assertThat(bridge.up()).isTrue();
            assertThat(netlink.link(bridge.index())).contains(bridge);
            assertThat(TestNamespaces.run(here, "ip", "-d", "-j", "link", "show", "br0"))
                    .contains(
                            "\"mtu\":1400",
                            "\"address\":\"02:00:00:00:00:02\"",
                            "\"ifalias\":\"weft: größe\"",
                            "\"UP\"",
                            "\"mcast_snooping\":0",
                            "\"ageing_time\":6000");
        }
    }

    @Test
    void the_peer_of_a_veth_is_born_in_another_namespace_with_its_own_properties() {
        try (var here = namespaces.create();
                var there = namespaces.create();
                var netlink = Netlink.open(here);
                var other = Netlink.open(there)) {
            netlink.add(LinkSpec.of("br0", Bridge.defaults()).up());
            int bridge = netlink.link("br0").orElseThrow().index();
            netlink.add(LinkSpec.of(
                            "c0",
                            new Veth(LinkSpec.peer("eth0")
                                    .namespace(there)
                                    .mtu(1350)
                                    .address(THREE)
                                    .alias("inside")
                                    .up()))
                    .mtu(1350)
                    .address(TWO)
                    .master(bridge)
                    .up());
            var end = netlink.link("c0").orElseThrow();
            var peer = other.link("eth0").orElseThrow();
            assertThat(netlink.link("eth0")).isEmpty();
            assertThat(end.kind()).isEqualTo(new Veth(null));
            assertThat(end.master()).isEqualTo(bridge);
            assertThat(end.peerIndex()).isEqualTo(peer.index());
            assertThat(end.peerNamespaceId()).isNotEqualTo(-1);
            assertThat(end.carrier()).isTrue();
            assertThat(peer.mtu()).isEqualTo(1350);
            assertThat(peer.address()).isEqualTo(THREE);
            assertThat(peer.alias()).isEqualTo("inside");
            assertThat(peer.up()).isTrue();
            assertThat(peer.carrier()).isTrue();
            assertThat(TestNamespaces.run(there, "ip", "-d", "-j", "link", "show", "eth0"))
                    .contains("\"info_kind\":\"veth\"", "\"mtu\":1350", "\"address\":\"02:00:00:00:00:03\"");
        }
    }

    @Test
    void a_VXLAN_device_that_is_moved_keeps_its_socket_where_it_was_made() throws Exception {
        try (var here = namespaces.create();
                var there = namespaces.create();
                var netlink = Netlink.open(here);
                var other = Netlink.open(there)) {
            var kind = Vxlan.of(new Vni(4242))
                    .local(InetAddress.ofLiteral("10.0.0.1"))
                    .learning(false)
                    .ttl(64)
                    .port(4790);
            netlink.add(LinkSpec.of("vx0", kind));
            netlink.set(
                    netlink.link("vx0").orElseThrow().index(),
                    LinkChange.none().namespace(there).name("vx1"));
            assertThat(netlink.link("vx0")).isEmpty();
            var moved = other.link("vx1").orElseThrow();
            assertThat(moved.kind()).isEqualTo(kind);
            other.set(moved.index(), LinkChange.none().up());
            assertThat(TestNamespaces.run(there, "ip", "-d", "-j", "link", "show", "vx1"))
                    .contains("\"id\":4242", "\"port\":4790", "\"learning\":false", "\"ttl\":64", "\"UP\"");
            // 4790 is 0x12B6
            assertThat(TestNamespaces.run(here, "cat", "/proc/net/udp")).contains(":12B6 ");
            assertThat(TestNamespaces.run(there, "cat", "/proc/net/udp")).doesNotContain(":12B6 ");
        }
    }

    @Test
    void a_VXLAN_device_over_IPv6_with_a_link_to_send_on() {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here)) {
            netlink.add(LinkSpec.of("c0", new Veth(LinkSpec.peer("p0"))));
            int under = netlink.link("c0").orElseThrow().index();
            var kind = Vxlan.of(new Vni(1))
                    .local(InetAddress.ofLiteral("fd00::1"))
                    .remote(InetAddress.ofLiteral("fd00::2"))
                    .link(under);
            netlink.add(LinkSpec.of("vx0", kind));
            assertThat(netlink.link("vx0").orElseThrow().kind()).isEqualTo(kind);
            assertThat(TestNamespaces.run(here, "ip", "-d", "-j", "link", "show", "vx0"))
                    .contains("\"remote6\":\"fd00::2\"", "\"local6\":\"fd00::1\"", "\"link\":\"c0\"");
        }
    }

    @Test
    void a_macvlan_stands_on_its_parent() {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here)) {
            netlink.add(LinkSpec.of("c0", new Veth(LinkSpec.peer("p0"))));
            int parent = netlink.link("c0").orElseThrow().index();
            netlink.add(LinkSpec.of("mv0", new Macvlan(Macvlan.Mode.PRIVATE)).parent(parent));
            var link = netlink.link("mv0").orElseThrow();
            assertThat(link.kind()).isEqualTo(new Macvlan(Macvlan.Mode.PRIVATE));
            assertThat(link.peerIndex()).isEqualTo(parent);
            assertThat(TestNamespaces.run(here, "ip", "-d", "-j", "link", "show", "mv0"))
                    .contains("\"mode\":\"private\"", "\"link\":\"c0\"");
        }
    }

    @Test
    void a_link_is_changed_and_changed_back() {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here)) {
            netlink.add(LinkSpec.of("br0", Bridge.defaults()));
            netlink.add(LinkSpec.of("c0", new Veth(LinkSpec.peer("p0"))));
            int bridge = netlink.link("br0").orElseThrow().index();
            int index = netlink.link("c0").orElseThrow().index();
            netlink.set(
                    index,
                    LinkChange.none()
                            .mtu(1234)
                            .address(THREE)
                            .master(bridge)
                            .alias("one")
                            .name("c1")
                            .up());
            var changed = netlink.link(index).orElseThrow();
            assertThat(changed)
                    .extracting(Link::name, Link::mtu, Link::address, Link::master, Link::alias, Link::up)
                    .containsExactly("c1", 1234, THREE, bridge, "one", true);
            assertThat(TestNamespaces.run(here, "ip", "-j", "link", "show", "c1"))
                    .contains("\"mtu\":1234", "\"master\":\"br0\"", "\"ifalias\":\"one\"", "\"UP\"");
            netlink.set(index, LinkChange.none().withoutMaster().alias("").down());
            var back = netlink.link(index).orElseThrow();
            assertThat(back).extracting(Link::master, Link::alias, Link::up).containsExactly(0, "", false);
            assertThat(TestNamespaces.run(here, "ip", "-j", "link", "show", "c1"))
                    .doesNotContain("ifalias", "\"master\"", "\"UP\"");
        }
    }

    @Test
    void deleting_one_end_of_a_veth_deletes_the_other() {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here)) {
            netlink.add(LinkSpec.of("c0", new Veth(LinkSpec.peer("p0"))));
            netlink.delete(netlink.link("p0").orElseThrow().index());
            assertThat(netlink.links()).extracting(Link::name).containsExactly("lo");
        }
    }

    @Test
    void a_link_with_an_alias_is_born_in_another_namespace() {
        try (var here = namespaces.create();
                var there = namespaces.create();
                var netlink = Netlink.open(here);
                var other = Netlink.open(there)) {
            netlink.add(LinkSpec.of("br0", Bridge.defaults()).namespace(there).alias("far"));
            assertThat(other.link("br0").orElseThrow().alias()).isEqualTo("far");
            assertThat(netlink.link("br0")).isEmpty();
        }
    }

    @Test
    void a_name_that_is_taken_is_refused_and_its_owner_keeps_its_alias() {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here)) {
            netlink.add(LinkSpec.of("br0", Bridge.defaults()).alias("first"));
            assertThatThrownBy(() ->
                            netlink.add(LinkSpec.of("br0", Bridge.defaults()).alias("second")))
                    .isInstanceOfSatisfying(NetlinkException.class, refusal -> {
                        assertThat(refusal.is(Errno.EEXIST)).isTrue();
                        assertThat(refusal.errno()).isEqualTo(17);
                    })
                    .hasMessage("cannot add link br0: File exists (EEXIST)");
            assertThat(netlink.link("br0").orElseThrow().alias()).isEqualTo("first");
        }
    }

    @Test
    void the_kernels_own_words_are_in_the_message() {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here)) {
            netlink.add(LinkSpec.of("vx0", Vxlan.of(new Vni(7))));
            assertThatThrownBy(() -> netlink.add(LinkSpec.of("vx1", Vxlan.of(new Vni(7)))))
                    .isInstanceOfSatisfying(
                            NetlinkException.class,
                            refusal -> assertThat(refusal.kernelText())
                                    .isEqualTo("A VXLAN device with the specified VNI already exists"))
                    .hasMessage("cannot add link vx1: File exists (EEXIST):"
                            + " A VXLAN device with the specified VNI already exists");
            assertThatThrownBy(() -> netlink.set(
                            netlink.link("vx0").orElseThrow().index(),
                            LinkChange.none().mtu(10)))
                    .isInstanceOfSatisfying(
                            NetlinkException.class,
                            refusal -> assertThat(refusal.is(Errno.EINVAL)).isTrue())
                    .hasMessageEndingWith(": Invalid argument (EINVAL): mtu less than device minimum");
            assertThatThrownBy(() -> netlink.add(LinkSpec.of("x0", new LinkKind.Other("nosuchkind"))))
                    .hasMessage("cannot add link x0: Operation not supported (EOPNOTSUPP): Unknown device type");
        }
    }

    @Test
    void what_is_not_there_is_empty_when_read_and_refused_when_changed() {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here)) {
            assertThat(netlink.link("nosuch")).isEmpty();
            assertThat(netlink.link(4711)).isEmpty();
            assertThat(netlink.bridgePort(4711)).isEmpty();
            assertThatThrownBy(() -> netlink.delete(4711))
                    .hasMessage("cannot delete link 4711: No such device (ENODEV)");
            assertThatThrownBy(() -> netlink.set(4711, LinkChange.none().up()))
                    .hasMessageStartingWith("cannot change link 4711: No such device (ENODEV)");
        }
    }

    @Test
    void each_flag_of_a_bridge_port_is_set_and_cleared_alone() {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here)) {
            netlink.add(LinkSpec.of("br0", Bridge.defaults()));
            int bridge = netlink.link("br0").orElseThrow().index();
            netlink.add(LinkSpec.of("c0", new Veth(LinkSpec.peer("p0"))).master(bridge));
            int port = netlink.link("c0").orElseThrow().index();
            assertThat(netlink.bridgePort(bridge)).isEmpty();
            assertThat(netlink.bridgePort(port).orElseThrow())
                    .isEqualTo(new BridgePort(
                            port,
                            bridge,
                            java.util.Set.of(
                                    BridgePort.Flag.LEARNING,
                                    BridgePort.Flag.FLOOD,
                                    BridgePort.Flag.MULTICAST_FLOOD,
                                    BridgePort.Flag.BROADCAST_FLOOD)));
            var none = new EnumMap<BridgePort.Flag, Boolean>(BridgePort.Flag.class);
            for (var flag : BridgePort.Flag.values()) {
                none.put(flag, false);
            }
            netlink.setBridgePort(port, none);
            assertThat(netlink.bridgePort(port).orElseThrow().on()).isEmpty();
            for (var flag : BridgePort.Flag.values()) {
                netlink.setBridgePort(port, Map.of(flag, true));
                assertThat(netlink.bridgePort(port).orElseThrow().on()).containsExactly(flag);
                assertThat(TestNamespaces.run(here, "bridge", "-d", "-j", "link", "show", "dev", "c0"))
                        .contains("\"" + BRIDGE_8.get(flag) + "\":true");
                netlink.setBridgePort(port, Map.of(flag, false));
            }
        }
    }

    @Test
    void the_ports_of_all_bridges_are_listed_in_one_reading() {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here)) {
            TestNamespaces.run(here, "sh", "-ec", """
                    { echo "link add br0 index 10 type bridge"
                      echo "link add br1 index 11 type bridge"
                      for i in $(seq 0 749); do
                        echo "link add a$i index $((100 + 2 * i)) type veth peer name b$i index $((101 + 2 * i))"
                        echo "link set a$i master br0"
                        echo "link set b$i master br1"
                      done; } | ip -batch -
                    """);
            netlink.setBridgePort(101, Map.of(BridgePort.Flag.ISOLATED, true, BridgePort.Flag.LEARNING, false));
            var ports = netlink.bridgePorts();
            assertThat(ports).hasSize(1500);
            assertThat(ports.getFirst()).isEqualTo(netlink.bridgePort(100).orElseThrow());
            assertThat(ports.get(1).bridge()).isEqualTo(11);
            assertThat(ports.get(1).on())
                    .containsExactlyInAnyOrder(
                            BridgePort.Flag.FLOOD,
                            BridgePort.Flag.MULTICAST_FLOOD,
                            BridgePort.Flag.BROADCAST_FLOOD,
                            BridgePort.Flag.ISOLATED);
        }
    }

    /// What bridge(8) calls them.
    private static final Map<BridgePort.Flag, String> BRIDGE_8 = Map.of(
            BridgePort.Flag.HAIRPIN, "hairpin",
            BridgePort.Flag.BPDU_GUARD, "guard",
            BridgePort.Flag.LEARNING, "learning",
            BridgePort.Flag.FLOOD, "flood",
            BridgePort.Flag.MULTICAST_FLOOD, "mcast_flood",
            BridgePort.Flag.BROADCAST_FLOOD, "bcast_flood",
            BridgePort.Flag.NEIGHBOR_SUPPRESS, "neigh_suppress",
            BridgePort.Flag.ISOLATED, "isolated");

    @Test
    void a_connection_that_died_connects_again_in_its_namespace_even_if_that_has_no_name_any_more() {
        String name = namespaces.name();
        var here = NetworkNamespace.pin(name);
        try (var connection = Netlink.connect(here)) {
            var netlink = new Netlink(connection);
            netlink.add(LinkSpec.of("br0", Bridge.defaults()));
            here.close();
            NetworkNamespace.unpin(name);
            assertThatThrownBy(() -> connection.perform("do this", _ -> {
                        throw new StackOverflowError();
                    }))
                    .hasMessageStartingWith("cannot do this: the connection has died of");
            assertThat(netlink.links()).extracting(Link::name).containsExactly("lo", "br0");
        }
    }

    @Test
    void a_connection_outlives_the_object_and_the_name_of_its_namespace() {
        String name = namespaces.name();
        var here = NetworkNamespace.pin(name);
        try (var netlink = Netlink.open(here)) {
            here.close();
            NetworkNamespace.unpin(name);
            assertThat(Files.exists(Path.of("/run/netns", name))).isFalse();
            netlink.add(LinkSpec.of("br0", Bridge.defaults()));
            assertThat(netlink.link("br0")).isPresent();
        }
    }
}
