package dev.weft.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.inet.Subnet;
import dev.weft.inet.Vni;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class EncodingTest {
    private static final Subnet TEN_TWO = Subnet.parse("10.2.0.0/16");
    private static final MacAddress EIGHT = MacAddress.parse("02:00:00:00:00:08");

    private static final TokenBucket TEN_MEGABIT = new TokenBucket(10_000_000, 32_000, 64_000);
    private static final TokenBucket FORTY_GIGABIT = new TokenBucket(40_000_000_000L, 2_000_000, 4_000_000);

    /// Index of the link in the recordings, which had only the loopback, and a veth peer, before it.
    private static final int FIRST = 2;

    /// Requests whose bytes, sequence number and port aside, are exactly those of ip(8) or bridge(8).
    static Stream<Arguments> identical() {
        return Stream.of(
                Arguments.of("set-up", Request.setLink(3, LinkChange.none().up())),
                Arguments.of("set-down", Request.setLink(3, LinkChange.none().down())),
                Arguments.of("set-mtu", Request.setLink(3, LinkChange.none().mtu(1400))),
                Arguments.of(
                        "set-mac",
                        Request.setLink(3, LinkChange.none().address(MacAddress.parse("02:00:00:00:00:09")))),
                Arguments.of("set-master", Request.setLink(4, LinkChange.none().master(2))),
                Arguments.of(
                        "set-no-master", Request.setLink(4, LinkChange.none().withoutMaster())),
                Arguments.of("set-name", Request.setLink(3, LinkChange.none().name("c1"))),
                Arguments.of("delete-link", Request.deleteLink(3)),
                Arguments.of("add-address", Request.addAddress(Address.of(3, Cidr.parse("10.1.0.1/24")))),
                Arguments.of(
                        "add-address-ipv6",
                        Request.addAddress(
                                Address.of(3, Cidr.parse("fd00::1/64")).withoutDuplicateDetection())),
                Arguments.of("delete-address", Request.deleteAddress(Address.of(3, Cidr.parse("10.1.0.1/24")))),
                Arguments.of("add-route", Request.addRoute(Route.via(ip("10.1.0.254"), TEN_TWO, 3))),
                Arguments.of(
                        "add-neighbor",
                        Request.addNeighbor(
                                Neighbor.permanent(3, ip("10.1.0.7"), MacAddress.parse("02:00:00:00:00:07")))),
                Arguments.of(
                        "add-neighbor-ipv6",
                        Request.addNeighbor(
                                Neighbor.permanent(3, ip("fd00::7"), MacAddress.parse("02:00:00:00:00:07")))),
                Arguments.of("add-fdb-self", Request.addFdb(FdbEntry.tunnel(FIRST, EIGHT, ip("10.0.0.2")))),
                Arguments.of(
                        "add-fdb-master", Request.addFdb(FdbEntry.port(4, EIGHT).externallyLearned())),
                Arguments.of(
                        "replace-fdb-sticky",
                        Request.replaceFdb(FdbEntry.port(4, EIGHT).sticking())),
                Arguments.of("append-fdb-flood", Request.appendFdb(FdbEntry.flood(FIRST, ip("10.0.0.2")))),
                Arguments.of("replace-fdb", Request.replaceFdb(FdbEntry.tunnel(FIRST, EIGHT, ip("10.0.0.9")))),
                Arguments.of("add-qdisc-tbf", Request.addQdisc(Qdisc.root(3, TEN_MEGABIT))),
                Arguments.of("add-qdisc-tbf-fast", Request.addQdisc(Qdisc.root(3, FORTY_GIGABIT))),
                Arguments.of(
                        "replace-qdisc-tbf",
                        Request.replaceQdisc(Qdisc.root(3, new TokenBucket(1_001_000, 15_000, 30_000)))),
                Arguments.of("add-qdisc-ingress", Request.addQdisc(Qdisc.ingress(3))),
                Arguments.of("delete-qdisc-ingress", Request.deleteQdisc(Qdisc.ingress(3))),
                Arguments.of("add-filter-redirect", Request.addFilter(Filter.redirectReceived(3, 4))),
                Arguments.of("delete-filter", Request.deleteFilter(Filter.redirectReceived(3, 4))),
                Arguments.of("delete-fdb", Request.deleteFdb(FdbEntry.tunnel(FIRST, EIGHT, ip("10.0.0.2")))));
    }

    @ParameterizedTest
    @MethodSource("identical")
    void the_bytes_are_those_that_the_tools_send(String recording, Request ours) {
        assertThat(withoutSequence(message(ours)))
                .isEqualTo(withoutSequence(Captured.of(recording).request()));
    }

    /// Requests with the same content in another order of attributes, or with a small difference that is named.
    static Stream<Arguments> equivalent() {
        var two = MacAddress.parse("02:00:00:00:00:02");
        var three = MacAddress.parse("02:00:00:00:00:03");
        return Stream.of(
                Arguments.of("add-bridge", Request.addLink(LinkSpec.of("br0", new Bridge(false, true, 60)))),
                Arguments.of(
                        "add-bridge-defaults",
                        Request.addLink(LinkSpec.of("br0", Bridge.defaults())
                                .mtu(1400)
                                .address(MacAddress.parse("02:00:00:00:00:01"))
                                .up())),
                Arguments.of(
                        "add-veth",
                        Request.addLink(LinkSpec.of(
                                        "c0",
                                        new Veth(LinkSpec.peer("p0").mtu(1450).address(three)))
                                .mtu(1450)
                                .address(two))),
                Arguments.of(
                        "add-vxlan",
                        Request.addLink(LinkSpec.of(
                                "vx0",
                                Vxlan.of(new Vni(77))
                                        .local(ip("10.0.0.1"))
                                        .remote(ip("10.0.0.2"))
                                        .ttl(64)
                                        .learning(false)
                                        .port(4790)))),
                Arguments.of(
                        "add-vxlan-ipv6",
                        Request.addLink(LinkSpec.of(
                                "vx0",
                                Vxlan.of(new Vni(16777215))
                                        .local(ip("fd00::1"))
                                        .remote(ip("fd00::2"))
                                        .link(3)))),
                Arguments.of(
                        "add-macvlan",
                        Request.addLink(LinkSpec.of("mv0", new Macvlan(Macvlan.Mode.BRIDGE))
                                .parent(3))),
                Arguments.of(
                        "add-ipvlan",
                        Request.addLink(LinkSpec.of("iv0", new Ipvlan(Ipvlan.Mode.L3S, Ipvlan.Flag.PRIVATE))
                                .parent(3))),
                Arguments.of(
                        "add-vlan",
                        Request.addLink(LinkSpec.of("v0", new Vlan(42)).parent(3))),
                Arguments.of("add-dummy", Request.addLink(LinkSpec.of("d0", new LinkKind.Other("dummy")))),
                Arguments.of("add-ifb", Request.addLink(LinkSpec.of("i0", new Ifb()))),
                Arguments.of("set-alias", Request.setLink(3, LinkChange.none().alias("weft:one"))),
                Arguments.of(
                        "add-route-direct",
                        Request.addRoute(Route.direct(Subnet.parse("10.3.0.0/16"), 3)
                                .source(ip("10.1.0.1"))
                                .metric(50))),
                Arguments.of(
                        "add-route-default-ipv6",
                        Request.addRoute(Route.via(ip("fd00::fe"), Subnet.parse("::/0"), 3)
                                .table(1000))),
                Arguments.of(
                        "add-route-blackhole",
                        Request.addRoute(Route.refusing(Route.Type.BLACKHOLE, Subnet.parse("10.9.0.0/16")))),
                Arguments.of("delete-neighbor", Request.deleteNeighbor(Neighbor.permanent(3, ip("10.1.0.7"), EIGHT))),
                Arguments.of(
                        "set-bridge-port",
                        Request.setBridgePort(
                                4,
                                Map.of(
                                        BridgePort.Flag.LEARNING, false,
                                        BridgePort.Flag.NEIGHBOR_SUPPRESS, true,
                                        BridgePort.Flag.ISOLATED, true,
                                        BridgePort.Flag.HAIRPIN, true,
                                        BridgePort.Flag.FLOOD, false,
                                        BridgePort.Flag.MULTICAST_FLOOD, false,
                                        BridgePort.Flag.BROADCAST_FLOOD, false,
                                        BridgePort.Flag.BPDU_GUARD, true))));
    }

    @ParameterizedTest
    @MethodSource("equivalent")
    void the_content_is_that_which_the_tools_send(String recording, Request ours) {
        assertThat(MessageText.of(message(ours)))
                .isEqualTo(MessageText.of(Captured.of(recording).request()));
    }

    @Test
    void a_route_is_deleted_with_its_type_which_the_tools_leave_open() {
        var ours = Request.deleteRoute(Route.via(ip("10.1.0.254"), TEN_TWO, 3));
        assertThat(MessageText.of(Captured.of("delete-route").request()))
                .startsWith("type 25 flags 5 02100000fe04ff0000000000[");
        assertThat(MessageText.of(message(ours)))
                .isEqualTo(MessageText.of(Captured.of("delete-route").request())
                        .replace("02100000fe04ff00", "02100000fe04ff01"));
    }

    @Test
    void a_qdisc_is_deleted_with_its_handle_and_kind_which_the_tools_leave_open() {
        assertThat(MessageText.of(Captured.of("delete-qdisc-root").request()))
                .isEqualTo("type 37 flags 5 000000000300000000000000ffffffff00000000[]");
        assertThat(MessageText.of(message(Request.deleteQdisc(Qdisc.root(3, TEN_MEGABIT)))))
                .isEqualTo("type 37 flags 5 000000000300000000000100ffffffff00000000[1=74626600]"); // tbf
    }

    @Test
    void a_veth_peer_may_be_born_in_another_namespace() {
        try (var there = NetworkNamespace.current()) {
            var ours = Request.addLink(
                    LinkSpec.of("c0", new Veth(LinkSpec.peer("p0").namespace(there))));
            assertThat(MessageText.of(message(ours)))
                    .isEqualTo(MessageText.of(
                            Captured.of("add-veth-peer-elsewhere").request()));
        }
    }

    @Test
    void a_link_is_moved_by_the_file_of_the_namespace() {
        try (var there = NetworkNamespace.current()) {
            var ours = Request.setLink(3, LinkChange.none().namespace(there));
            assertThat(MessageText.of(message(ours)))
                    .isEqualTo(MessageText.of(Captured.of("set-namespace").request()));
        }
    }

    private static InetAddress ip(String text) {
        return InetAddress.ofLiteral(text);
    }

    /// With the header that [Conversation] puts before it.
    private static byte[] message(Request request) {
        byte[] body = request.body();
        return ByteBuffer.allocate(16 + body.length)
                .order(ByteOrder.nativeOrder())
                .putInt(16 + body.length)
                .putShort((short) request.type())
                .putShort((short) (request.flags() | Kernel.NLM_F_REQUEST | Kernel.NLM_F_ACK))
                .putLong(0)
                .put(body)
                .array();
    }

    private static String withoutSequence(byte[] message) {
        byte[] copy = message.clone();
        Arrays.fill(copy, 8, 16, (byte) 0);
        return java.util.HexFormat.of().formatHex(copy);
    }
}
