package dev.weft.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inet.MacAddress;
import dev.weft.inet.Subnet;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Reads what the kernel answered to the commands in `captured/`.
@DisplayNameGeneration(ReplaceUnderscores.class)
class DecodingTest {
    @Test
    void links_with_their_kinds() {
        var links = Captured.of("list-links").decode(Kernel.RTM_NEWLINK, Link::decode);
        assertThat(links).extracting(Link::name).containsExactly("lo", "br0", "p0", "c0", "vx0", "mv0");
        assertThat(links)
                .extracting(Link::kind)
                .containsExactly(
                        new LinkKind.Other(""),
                        new Bridge(true, false, 300),
                        new Veth(null),
                        new Veth(null),
                        Vxlan.of(new dev.weft.inet.Vni(77)),
                        new Macvlan(Macvlan.Mode.PRIVATE));
        assertThat(links).extracting(Link::index).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(links).extracting(Link::mtu).containsExactly(65536, 1500, 1500, 1500, 1500, 1500);
        assertThat(links).extracting(Link::up).containsExactly(true, false, false, true, false, false);
        assertThat(links).extracting(Link::master).containsExactly(0, 0, 0, 2, 0, 0);
        assertThat(links).extracting(Link::peerIndex).containsExactly(0, 0, 4, 3, 0, 3);
        assertThat(links).extracting(Link::alias).containsExactly("", "", "", "weft:one", "", "");
        assertThat(links.getFirst().address()).isEqualTo(new MacAddress(0));
        assertThat(links.getFirst().carrier()).isTrue();
        assertThat(links.get(3).carrier()).isFalse();
    }

    @Test
    void bridge_ports_with_their_flags() {
        var ports = Captured.of("list-links").decode(Kernel.RTM_NEWLINK, BridgePort::decode);
        assertThat(ports).hasSize(1);
        assertThat(ports.getFirst().index()).isEqualTo(4);
        assertThat(ports.getFirst().bridge()).isEqualTo(2);
        assertThat(ports.getFirst().on())
                .containsExactlyInAnyOrder(
                        BridgePort.Flag.FLOOD,
                        BridgePort.Flag.MULTICAST_FLOOD,
                        BridgePort.Flag.BROADCAST_FLOOD,
                        BridgePort.Flag.ISOLATED);
    }

    @Test
    void addresses_of_both_versions() {
        var addresses = Captured.of("list-addresses").decode(Kernel.RTM_NEWADDR, Address::decode);
        assertThat(addresses)
                .extracting(Address::toString)
                .containsExactly("10.1.0.1/24 on link 3", "fd00::1/64 on link 3");
        assertThat(addresses).extracting(Address::permanent).containsOnly(true);
        assertThat(addresses).extracting(Address::tentative).containsOnly(false);
        assertThat(addresses).extracting(Address::duplicateDetection).containsExactly(true, false);
    }

    @Test
    void routes_with_one_and_with_several_next_hops() {
        var routes = Captured.of("list-routes").decode(Kernel.RTM_NEWROUTE, Route::decode);
        assertThat(routes)
                .contains(new Route(
                        Subnet.parse("10.2.0.0/16"),
                        Route.Type.UNICAST,
                        ip("10.1.0.254"),
                        3,
                        null,
                        7,
                        Route.MAIN_TABLE,
                        Route.Protocol.BOOT,
                        false))
                .contains(new Route(
                        Subnet.parse("10.4.0.0/16"),
                        Route.Type.UNICAST,
                        ip("10.1.0.8"),
                        3,
                        null,
                        0,
                        Route.MAIN_TABLE,
                        Route.Protocol.BOOT,
                        false))
                .contains(new Route(
                        Subnet.parse("10.1.0.1/32"),
                        Route.Type.LOCAL,
                        null,
                        3,
                        ip("10.1.0.1"),
                        0,
                        255,
                        Route.Protocol.KERNEL,
                        false));
    }

    @Test
    void an_IPv6_default_route() {
        var routes = Captured.of("list-routes-ipv6").decode(Kernel.RTM_NEWROUTE, Route::decode);
        assertThat(routes).extracting(Route::toString).contains("::/0 via fd00::fe on link 3");
    }

    @Test
    void neighbors_of_both_versions() {
        var neighbors = Captured.of("list-neighbors").decode(Kernel.RTM_NEWNEIGH, Neighbor::decode);
        assertThat(neighbors)
                .contains(
                        Neighbor.permanent(3, ip("10.1.0.7"), MacAddress.parse("02:00:00:00:00:07")),
                        new Neighbor(
                                3,
                                ip("fd00::7"),
                                MacAddress.parse("02:00:00:00:00:08"),
                                Neighbor.State.PERMANENT,
                                true));
    }

    @Test
    void FDB_entries_of_a_VXLAN_device_and_of_a_bridge() {
        var entries = Captured.of("list-fdb").decode(Kernel.RTM_NEWNEIGH, FdbEntry::decode);
        assertThat(entries)
                .contains(
                        FdbEntry.tunnel(5, MacAddress.parse("02:00:00:00:00:08"), ip("10.0.0.2")),
                        FdbEntry.flood(5, ip("10.0.0.3")),
                        FdbEntry.port(4, MacAddress.parse("02:00:00:00:00:09")).externallyLearned());
    }

    @Test
    void a_FDB_entry_that_sticks_to_its_port() {
        assertThat(Captured.of("list-fdb-sticky").decode(Kernel.RTM_NEWNEIGH, FdbEntry::decode))
                .contains(
                        FdbEntry.port(4, MacAddress.parse("02:00:00:00:00:0a")).sticking());
    }

    @Test
    void qdiscs_of_several_kinds() {
        var qdiscs = Captured.of("list-qdiscs").decode(Kernel.RTM_NEWQDISC, Qdisc::decode);
        assertThat(qdiscs)
                .containsExactly(
                        new Qdisc(1, new Handle(0), Handle.ROOT, new QdiscKind.Other("noqueue")),
                        new Qdisc(2, Handle.of(2, 0), Handle.ROOT, new QdiscKind.Other("htb")),
                        Qdisc.root(3, new TokenBucket(10_000_000, 32_000, 64_000)),
                        Qdisc.ingress(3),
                        new Qdisc(
                                4,
                                Handle.of(7, 0),
                                Handle.ROOT,
                                new TokenBucket(40_000_000_000L, 1_999_680, 4_000_000)));
    }

    @Test
    void filters_that_redirect_everything_and_others() {
        var filters = Captured.of("list-filters").decode(Kernel.RTM_NEWTFILTER, Filter::decode);
        int ipv4 = 0x0800;
        var received = Handle.INGRESS_QDISC;
        assertThat(filters)
                .containsExactly(
                        new Filter(3, received, 1, Filter.ALL_PROTOCOLS, 0x80000800, new Redirect(4)),
                        new Filter(3, received, 2, ipv4, 0x80100800, new FilterKind.Other("u32")),
                        new Filter(3, received, 3, Filter.ALL_PROTOCOLS, 0x80200800, new FilterKind.Other("u32")),
                        new Filter(3, received, 4, Filter.ALL_PROTOCOLS, 0x80300800, new Redirect(2)));
    }

    @Test
    void a_refusal_with_the_kernels_words() {
        var answer = new Messages(
                ByteBuffer.wrap(Captured.of("refused-vni-exists").received().getLast())
                        .order(ByteOrder.nativeOrder()));
        assertThat(answer.next()).isTrue();
        assertThat(answer.type()).isEqualTo(Kernel.NLMSG_ERROR);
        assertThat(answer.errno()).isEqualTo(Kernel.EEXIST);
        assertThat(answer.kernelText()).isEqualTo("A VXLAN device with the specified VNI already exists");
        assertThat(answer.next()).isFalse();
    }

    @Test
    void a_refusal_without_words() {
        var answer = new Messages(
                ByteBuffer.wrap(Captured.of("refused-link-exists").received().getLast())
                        .order(ByteOrder.nativeOrder()));
        assertThat(answer.next()).isTrue();
        assertThat(NetlinkException.refused("add link br0", answer.errno(), answer.kernelText()))
                .hasMessage("cannot add link br0: File exists (EEXIST)");
    }

    private static InetAddress ip(String text) {
        return InetAddress.ofLiteral(text);
    }
}
