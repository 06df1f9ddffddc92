package dev.weft.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inet.Cidr;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Qdiscs and filters, read back with our code and with tc(8), and what they do to packets.
@Tag("kernel")
@DisplayNameGeneration(ReplaceUnderscores.class)
class TrafficKernelTest {
    private static final TokenBucket TEN_MEGABIT = new TokenBucket(10_000_000, 32_000, 64_000);

    @RegisterExtension
    private final TestNamespaces namespaces = new TestNamespaces();

    private static int cable(Netlink netlink, String name, NetworkNamespace peersHome) {
        var peer = LinkSpec.peer("eth0").namespace(peersHome).up();
        netlink.add(LinkSpec.of(name, new Veth(peer)).up());
        return netlink.link(name).orElseThrow().index();
    }

    private static int ifb(Netlink netlink, String name) {
        netlink.add(LinkSpec.of(name, new Ifb()).up());
        return netlink.link(name).orElseThrow().index();
    }

    @Test
    void an_ifb_is_made_and_read_as_one() {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here)) {
            ifb(netlink, "i0");
            assertThat(netlink.link("i0").orElseThrow().kind()).isEqualTo(new Ifb());
            assertThat(TestNamespaces.run(here, "ip", "-d", "-j", "link", "show", "i0"))
                    .contains("\"info_kind\":\"ifb\"");
        }
    }

    @Test
    void qdiscs_come_change_and_go() {
        try (var here = namespaces.create();
                var there = namespaces.create();
                var netlink = Netlink.open(here)) {
            int index = cable(netlink, "c0", there);
            var limit = Qdisc.root(index, TEN_MEGABIT);
            var ingress = Qdisc.ingress(index);
            netlink.addQdisc(limit);
            netlink.addQdisc(ingress);
            assertThat(netlink.qdiscs(index)).containsExactly(limit, ingress);
            assertThat(netlink.qdiscs()).contains(limit, ingress);
            assertThat(TestNamespaces.run(here, "tc", "qdisc", "show", "dev", "c0"))
                    .contains(
                            "qdisc tbf 1: root",
                            "rate 10Mbit burst 32000b lat 25.6ms",
                            "qdisc ingress ffff: parent ffff:fff1");
            assertThatThrownBy(() -> netlink.addQdisc(limit))
                    .hasMessageStartingWith(
                            "cannot add qdisc tbf 1: at root of link " + index + ": File exists (EEXIST)");

            var faster = Qdisc.root(index, new TokenBucket(40_000_000_000L, 2_000_000, 4_000_000));
            netlink.send(Request.replaceQdisc(faster));
            assertThat(TestNamespaces.run(here, "tc", "qdisc", "show", "dev", "c0"))
                    .contains("rate 40Gbit");
            netlink.send(Request.replaceQdisc(faster));

            netlink.deleteQdisc(limit);
            netlink.deleteQdisc(ingress);
            assertThat(netlink.qdiscs(index))
                    .containsExactly(new Qdisc(index, new Handle(0), Handle.ROOT, new QdiscKind.Other("noqueue")));
            assertThatThrownBy(() -> netlink.deleteQdisc(limit))
                    .hasMessageStartingWith("cannot delete qdisc tbf 1: at root of link " + index + ": ");
        }
    }

    @Test
    void a_link_that_has_no_qdisc_or_is_not_there_has_none_to_list() {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here)) {
            netlink.add(LinkSpec.of("c0", new Veth(LinkSpec.peer("p0"))));
            assertThat(netlink.qdiscs(netlink.link("c0").orElseThrow().index())).isEmpty();
            assertThat(netlink.qdiscs(4711)).isEmpty();
            assertThat(netlink.filters(4711, Handle.INGRESS_QDISC)).isEmpty();
        }
    }

    @Test
    void token_buckets_of_all_sizes_agree_with_what_the_kernel_tells_of_them() {
        try (var here = namespaces.create();
                var there = namespaces.create();
                var netlink = Netlink.open(here)) {
            int index = cable(netlink, "c0", there);
            for (var bucket : List.of(
                    new TokenBucket(8, 250, 1),
                    new TokenBucket(1_001_000, 15_000, 30_000),
                    new TokenBucket(999_999_999, 1_250_001, 2_000_000_000),
                    new TokenBucket(34_359_738_360L, 4_000_000, 8_000_000),
                    new TokenBucket(34_359_738_368L, 4_000_000, 8_000_000),
                    new TokenBucket(400_000_000_000L, 2_000_000_000, Integer.MAX_VALUE))) {
                netlink.send(Request.replaceQdisc(Qdisc.root(index, bucket)));
                var read = (TokenBucket) netlink.qdiscs(index).getFirst().kind();
                assertThat(bucket.agreesWith(read)).as(bucket + " and " + read).isTrue();
                assertThat(bucket.agreesWith(new TokenBucket(bucket.bitsPerSecond() + 8, read.burst(), read.limit())))
                        .isFalse();
            }
        }
    }

    @Test
    void qdiscs_with_settings_that_are_not_ours_are_read_as_others() {
        try (var here = namespaces.create();
                var there = namespaces.create();
                var netlink = Netlink.open(here)) {
            int index = cable(netlink, "c0", there);
            TestNamespaces.run(
                    here,
                    "sh",
                    "-c",
                    "tc qdisc add dev c0 root handle 1: tbf rate 1mbit burst 9000 limit 9000 peakrate 2mbit mtu 2000");
            assertThat(netlink.qdiscs(index).getFirst().kind()).isEqualTo(new QdiscKind.Other("tbf"));
            TestNamespaces.run(here, "tc", "qdisc", "replace", "dev", "c0", "root", "handle", "2:", "htb");
            assertThat(netlink.qdiscs(index))
                    .containsExactly(new Qdisc(index, Handle.of(2, 0), Handle.ROOT, new QdiscKind.Other("htb")));
        }
    }

    @Test
    void filters_come_and_go() {
        try (var here = namespaces.create();
                var there = namespaces.create();
                var netlink = Netlink.open(here)) {
            int index = cable(netlink, "c0", there);
            int target = ifb(netlink, "i0");
            netlink.addQdisc(Qdisc.ingress(index));
            assertThat(netlink.filters(index, Handle.INGRESS_QDISC)).isEmpty();
            netlink.addFilter(Filter.redirectReceived(index, target));
            var made =
                    new Filter(index, Handle.INGRESS_QDISC, 1, Filter.ALL_PROTOCOLS, 0x80000800, new Redirect(target));
            assertThat(netlink.filters(index, Handle.INGRESS_QDISC)).containsExactly(made);
            assertThat(TestNamespaces.run(here, "tc", "filter", "show", "dev", "c0", "parent", "ffff:"))
                    .contains(
                            "filter protocol all pref 1 u32 chain 0 fh 800::800",
                            "match 00000000/00000000 at 0",
                            "mirred (Egress Redirect to device i0) stolen");
            netlink.deleteFilter(made);
            assertThat(netlink.filters(index, Handle.INGRESS_QDISC)).isEmpty();
            assertThatThrownBy(() -> netlink.deleteFilter(made))
                    .hasMessageStartingWith("cannot delete filter redirect to link " + target + " at ffff: of link "
                            + index + " (priority 1): ");

            netlink.addFilter(Filter.redirectReceived(index, target));
            netlink.addFilter(Filter.redirectReceived(index, target));
            netlink.deleteFilter(Filter.redirectReceived(index, target));
            assertThat(netlink.filters(index, Handle.INGRESS_QDISC))
                    .as("without a handle, all of the priority")
                    .isEmpty();
        }
    }

    @Test
    void filters_that_do_something_else_are_read_as_others() {
        try (var here = namespaces.create();
                var there = namespaces.create();
                var netlink = Netlink.open(here)) {
            int index = cable(netlink, "c0", there);
            ifb(netlink, "i0");
            netlink.addQdisc(Qdisc.ingress(index));
            TestNamespaces.run(here, "sh", "-ec", """
                    add() { tc filter add dev c0 parent ffff: "$@"; }
                    add protocol ip prio 2 u32 match ip dst 10.0.0.1 action mirred egress redirect dev i0
                    add protocol all prio 3 u32 match u32 0 0 action mirred egress mirror dev i0
                    add protocol all prio 4 u32 match u32 0 0 action mirred ingress redirect dev i0
                    add protocol all prio 5 u32 match u32 0 0 flowid 1:1
                    add protocol all prio 6 u32 match u32 0 0 action mirred egress mirror dev i0 \\
                        action mirred egress redirect dev i0
                    add protocol all prio 7 chain 9 u32 match u32 0 0 action mirred egress redirect dev i0
                    """);
            assertThat(netlink.filters(index, Handle.INGRESS_QDISC))
                    .extracting(Filter::priority)
                    .as("another chain is not where packets begin")
                    .containsExactly(2, 3, 4, 5, 6);
            assertThat(netlink.filters(index, Handle.INGRESS_QDISC))
                    .extracting(Filter::kind)
                    .containsOnly(new FilterKind.Other("u32"));
        }
    }

    @Test
    void qdiscs_of_a_thousand_links_and_as_many_filters_are_listed() {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here)) {
            int first = 100;
            int count = 1000;
            TestNamespaces.run(here, "sh", "-ec", """
                    for i in $(seq 100 1099); do echo "link add i$i index $i type ifb"; done | ip -batch -
                    """);
            var requests = new ArrayList<Request>();
            var made = new ArrayList<Qdisc>();
            for (int index = first; index < first + count; index++) {
                made.add(Qdisc.root(index, TEN_MEGABIT));
                made.add(Qdisc.ingress(index));
            }
            made.forEach(qdisc -> requests.add(Request.addQdisc(qdisc)));
            for (int priority = 1; priority <= count; priority++) {
                requests.add(Request.addFilter(new Filter(
                        first, Handle.INGRESS_QDISC, priority, Filter.ALL_PROTOCOLS, 0, new Redirect(first + 1))));
            }
            netlink.send(requests);
            assertThat(netlink.qdiscs()).containsAll(made);
            assertThat(netlink.filters(first, Handle.INGRESS_QDISC)).hasSize(count);
        }
    }

    @Test
    void what_a_token_bucket_does_not_let_through_is_dropped() throws IOException {
        try (var here = namespaces.create();
                var there = namespaces.create();
                var netlink = Netlink.open(here);
                var other = Netlink.open(there)) {
            int index = connected(netlink, other, there);
            // Slow enough that next to nothing goes out but the burst, as long as the test runs.
            netlink.addQdisc(Qdisc.root(index, new TokenBucket(8_000, 20_000, 10_000)));
            sendThousand(here, "10.9.0.2");
            var counted = counters(here, "c0", "tbf");
            assertThat(counted.bytes()).isBetween(18_000L, 200_000L);
            assertThat(counted.dropped()).isGreaterThan(700);
        }
    }

    @Test
    void what_a_fast_token_bucket_gets_passes() throws IOException {
        try (var here = namespaces.create();
                var there = namespaces.create();
                var netlink = Netlink.open(here);
                var other = Netlink.open(there)) {
            int index = connected(netlink, other, there);
            netlink.addQdisc(Qdisc.root(index, new TokenBucket(40_000_000_000L, 4_000_000, 8_000_000)));
            sendThousand(here, "10.9.0.2");
            var counted = counters(here, "c0", "tbf");
            assertThat(counted.bytes()).isGreaterThan(1_000_000);
            assertThat(counted.dropped()).isZero();
        }
    }

    @Test
    void what_a_link_receives_is_limited_by_the_ifb_that_it_is_redirected_to() throws IOException {
        try (var here = namespaces.create();
                var there = namespaces.create();
                var netlink = Netlink.open(here);
                var other = Netlink.open(there)) {
            int index = connected(netlink, other, there);
            int target = ifb(netlink, "i0");
            netlink.addQdisc(Qdisc.root(target, new TokenBucket(8_000, 20_000, 10_000)));
            netlink.addQdisc(Qdisc.ingress(index));
            netlink.addFilter(Filter.redirectReceived(index, target));
            try (var receiver = here.call(() -> new DatagramSocket(new InetSocketAddress("10.9.0.1", 9)))) {
                receiver.setSoTimeout(60_000);
                sendThousand(there, "10.9.0.1");
                receiver.receive(new DatagramPacket(new byte[2000], 2000)); // so it comes back from the ifb
            }
            var counted = counters(here, "i0", "tbf");
            assertThat(counted.bytes()).isBetween(18_000L, 200_000L);
            assertThat(counted.dropped()).isGreaterThan(700);
        }
    }

    /// A cable with an IP address at each end, 10.9.0.1 and 10.9.0.2, which know each other.
    private static int connected(Netlink netlink, Netlink other, NetworkNamespace there) {
        int index = cable(netlink, "c0", there);
        int peer = other.link("eth0").orElseThrow().index();
        netlink.addAddress(Address.of(index, Cidr.parse("10.9.0.1/24")));
        other.addAddress(Address.of(peer, Cidr.parse("10.9.0.2/24")));
        var own = netlink.link(index).orElseThrow().address();
        var peers = other.link(peer).orElseThrow().address();
        netlink.addNeighbor(Neighbor.permanent(index, InetAddress.ofLiteral("10.9.0.2"), peers));
        other.addNeighbor(Neighbor.permanent(peer, InetAddress.ofLiteral("10.9.0.1"), own));
        return index;
    }

    /// A thousand packets of 1042 bytes, the Ethernet header counted.
    private static void sendThousand(NetworkNamespace from, String to) throws IOException {
        from.call(() -> {
            try (var socket = new DatagramSocket()) {
                var target = new InetSocketAddress(to, 9);
                for (int i = 0; i < 1000; i++) {
                    socket.send(new DatagramPacket(new byte[1000], 1000, target));
                }
            }
            return true;
        });
    }

    private record Counters(long bytes, long dropped) {}

    private static Counters counters(NetworkNamespace namespace, String link, String kind) {
        String shown = TestNamespaces.run(namespace, "tc", "-s", "qdisc", "show", "dev", link);
        Matcher found = Pattern.compile("qdisc " + kind + " .*\\n Sent (\\d+) bytes .*\\(dropped (\\d+),")
                .matcher(shown);
        assertThat(found.find()).as(shown).isTrue();
        return new Counters(Long.parseLong(found.group(1)), Long.parseLong(found.group(2)));
    }
}
