package dev.weft.netlink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inet.MacAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("kernel")
@DisplayNameGeneration(ReplaceUnderscores.class)
class PacketSocketKernelTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(1);

    /// For local experiments (IEEE 802).
    private static final int EXPERIMENT = 0x88b5;

    private static final int OTHER = 0x88b6;
    private static final MacAddress ALL = MacAddress.parse("ff:ff:ff:ff:ff:ff");
    private static final MacAddress LEFT = MacAddress.parse("02:00:00:00:00:01");
    private static final MacAddress RIGHT = MacAddress.parse("02:00:00:00:00:02");
    private static final MacAddress NOBODY = MacAddress.parse("02:00:00:00:00:03");
    private static final MacAddress GROUP = MacAddress.parse("33:33:ff:00:00:05");

    @RegisterExtension
    private final TestNamespaces namespaces = new TestNamespaces();

    /// A cable between two namespaces.
    private final class Cable implements AutoCloseable {
        private final NetworkNamespace here = namespaces.create();
        private final NetworkNamespace there = namespaces.create();
        private final Netlink netlink = Netlink.open(here);
        private final Netlink other = Netlink.open(there);
        private final int left;
        private final int right;

        Cable() {
            TestNamespaces.run(here, "sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=1");
            TestNamespaces.run(there, "sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=1");
            netlink.add(LinkSpec.of(
                            "left",
                            new Veth(LinkSpec.peer("right")
                                    .namespace(there)
                                    .address(RIGHT)
                                    .up()))
                    .address(LEFT)
                    .up());
            left = netlink.link("left").orElseThrow().index();
            right = other.link("right").orElseThrow().index();
        }

        PacketSocket socketHere(@Nullable PacketFilter filter, Integer... etherTypes) {
            return socket(here, left, filter, etherTypes);
        }

        PacketSocket socketThere(@Nullable PacketFilter filter, Integer... etherTypes) {
            return socket(there, right, filter, etherTypes);
        }

        private PacketSocket socket(
                NetworkNamespace namespace, int link, @Nullable PacketFilter filter, Integer... etherTypes) {
            var socket = PacketSocket.open(namespace, Set.of(etherTypes), filter);
            socket.attach(link);
            return socket;
        }

        @Override
        public void close() {
            netlink.close();
            other.close();
            here.close();
            there.close();
        }
    }

    private static byte[] frame(MacAddress destination, int etherType, String payload) {
        return frame(destination, etherType, payload.getBytes(UTF_8));
    }

    private static byte[] frame(MacAddress destination, int etherType, byte[] payload) {
        return ByteBuffer.allocate(14 + payload.length)
                .put(destination.toBytes())
                .put(LEFT.toBytes())
                .putShort((short) etherType)
                .put(payload)
                .array();
    }

    private static byte[] icmpv6(int type) {
        byte[] packet = new byte[64];
        packet[0] = 0x60;
        packet[6] = 58;
        packet[40] = (byte) type;
        return frame(ALL, PacketSocket.IPV6, packet);
    }

    private static String payload(Optional<Frame> frame) {
        var bytes = frame.orElseThrow().bytes();
        byte[] payload = new byte[bytes.remaining() - 14];
        bytes.get(14, payload);
        return new String(payload, UTF_8);
    }

    @Test
    void a_frame_arrives_at_the_other_end_as_it_was_sent() {
        try (var cable = new Cable();
                var sender = cable.socketHere(null);
                var receiver = cable.socketThere(null, EXPERIMENT)) {
            sender.send(cable.left, frame(RIGHT, EXPERIMENT, "hello"));
            var received = receiver.receive(LONG).orElseThrow();
            assertThat(received.link()).isEqualTo(cable.right);
            assertThat(received.bytes()).isEqualTo(ByteBuffer.wrap(frame(RIGHT, EXPERIMENT, "hello")));
        }
    }

    @Test
    void what_this_end_sends_and_other_EtherTypes_are_not_heard() {
        try (var cable = new Cable();
                var sender = cable.socketHere(null, EXPERIMENT);
                var receiver = cable.socketThere(null, EXPERIMENT)) {
            sender.send(cable.left, frame(ALL, OTHER, "not asked for"));
            sender.send(cable.left, frame(ALL, EXPERIMENT, "asked for"));
            assertThat(payload(receiver.receive(LONG))).isEqualTo("asked for");
            assertThat(receiver.receive(SHORT)).isEmpty();
            assertThat(sender.receive(SHORT)).isEmpty();
        }
    }

    @Test
    void one_socket_serves_several_links_and_EtherTypes() {
        try (var first = new Cable()) {
            first.netlink.add(LinkSpec.of(
                            "left2",
                            new Veth(LinkSpec.peer("right2")
                                    .namespace(first.there)
                                    .up()))
                    .up());
            int left2 = first.netlink.link("left2").orElseThrow().index();
            int right2 = first.other.link("right2").orElseThrow().index();
            try (var sender = first.socketHere(null);
                    var receiver = first.socketThere(null, EXPERIMENT, OTHER)) {
                sender.attach(left2);
                receiver.attach(right2);
                var heard = new ArrayList<String>();
                for (int link : new int[] {first.left, left2}) {
                    for (int etherType : new int[] {EXPERIMENT, OTHER}) {
                        sender.send(link, frame(ALL, etherType, link + " " + etherType));
                        heard.add(payload(receiver.receive(LONG)));
                    }
                }
                assertThat(heard)
                        .containsExactly(
                                first.left + " " + EXPERIMENT,
                                first.left + " " + OTHER,
                                left2 + " " + EXPERIMENT,
                                left2 + " " + OTHER);
                receiver.detach(right2);
                sender.send(left2, frame(ALL, EXPERIMENT, "nobody listens"));
                sender.send(first.left, frame(ALL, EXPERIMENT, "still here"));
                assertThat(payload(receiver.receive(LONG))).isEqualTo("still here");
            }
        }
    }

    @Test
    void of_neighbor_messages_those_for_the_link_pass_the_filter() {
        try (var cable = new Cable();
                var sender = cable.socketHere(null);
                var receiver = cable.socketThere(PacketFilter.NEIGHBOR_MESSAGES, PacketSocket.ARP, PacketSocket.IPV6)) {
            TestNamespaces.run(cable.there, "ip", "link", "set", "right", "promisc", "on");
            sender.send(cable.left, icmpv6(128));
            sender.send(cable.left, icmpv6(134));
            sender.send(cable.left, frame(ALL, PacketSocket.IPV6, "too short"));
            sender.send(cable.left, frame(NOBODY, PacketSocket.ARP, "for others"));
            var expected = List.of(
                    icmpv6(135),
                    icmpv6(136),
                    frame(ALL, PacketSocket.ARP, "for all"),
                    frame(RIGHT, PacketSocket.ARP, "for us"));
            for (byte[] frame : expected) {
                sender.send(cable.left, frame);
                assertThat(receiver.receive(LONG).orElseThrow().bytes()).isEqualTo(ByteBuffer.wrap(frame));
            }
            assertThat(receiver.receive(SHORT)).isEmpty();
        }
    }

    @Test
    void a_group_is_joined_at_the_link() {
        try (var cable = new Cable();
                var receiver = cable.socketThere(null, EXPERIMENT)) {
            assertThat(TestNamespaces.run(cable.there, "ip", "maddress", "show", "dev", "right"))
                    .doesNotContain(GROUP.toString());
            receiver.join(cable.right, GROUP);
            assertThat(TestNamespaces.run(cable.there, "ip", "maddress", "show", "dev", "right"))
                    .contains(GROUP.toString());
            receiver.detach(cable.right);
            assertThat(TestNamespaces.run(cable.there, "ip", "maddress", "show", "dev", "right"))
                    .doesNotContain(GROUP.toString());
        }
    }

    @Test
    void a_link_that_goes_down_is_told_once_and_heard_again_when_it_is_up() {
        try (var cable = new Cable();
                var sender = cable.socketHere(null);
                var receiver = cable.socketThere(null, EXPERIMENT)) {
            cable.other.set(cable.right, LinkChange.none().down());
            assertThatThrownBy(() -> receiver.receive(LONG))
                    .hasMessage("cannot receive frames on link " + cable.right + ": Network is down (ENETDOWN)");
            assertThat(receiver.receive(SHORT)).isEmpty();
            cable.other.set(cable.right, LinkChange.none().up());
            Optional<Frame> heard;
            do { // the first ones may be dropped while the link comes up
                try {
                    sender.send(cable.left, frame(ALL, EXPERIMENT, "again"));
                } catch (NetlinkException notYet) {
                    assertThat(notYet.is(Errno.ENOBUFS)).isTrue();
                }
                heard = receiver.receive(Duration.ofMillis(20));
            } while (heard.isEmpty());
            assertThat(payload(heard)).isEqualTo("again");
        }
    }

    @Test
    void what_cannot_be_done_is_told_in_a_sentence() {
        try (var cable = new Cable();
                var socket = cable.socketHere(null, EXPERIMENT)) {
            assertThatThrownBy(() -> socket.attach(4711))
                    .isInstanceOf(NetlinkException.class)
                    .hasMessage("cannot open a packet socket on link 4711: No such device (ENODEV)");
            assertThatThrownBy(() -> socket.send(4711, frame(ALL, EXPERIMENT, "")))
                    .hasMessage("link 4711 is not attached");
            assertThatThrownBy(() -> socket.send(cable.left, new byte[13]))
                    .hasMessage(
                            "cannot send a frame on link " + cable.left + ": it has 13 bytes, less than its header");
            assertThatThrownBy(() -> PacketSocket.open(cable.here, Set.of(3), null))
                    .hasMessage("0x3 is not an EtherType; they are from 0x600 to 0xffff");
            cable.netlink.set(cable.left, LinkChange.none().down());
            assertThatThrownBy(() -> socket.send(cable.left, frame(ALL, EXPERIMENT, "")))
                    .hasMessage("cannot send a frame on link " + cable.left + ": Network is down (ENETDOWN)");
            cable.netlink.delete(cable.left);
            assertThatThrownBy(() -> socket.send(cable.left, frame(ALL, EXPERIMENT, "")))
                    .hasMessage("cannot send a frame on link " + cable.left + ": No such device or address (ENXIO)");
        }
    }

    @Test
    void closing_and_waking_end_a_wait() throws Exception {
        try (var cable = new Cable()) {
            var socket = cable.socketThere(null, EXPERIMENT);
            socket.wake();
            assertThat(socket.receive(LONG)).isEmpty();
            var waits = new ArrayList<CompletableFuture<Boolean>>();
            for (int i = 0; i < 3; i++) {
                waits.add(CompletableFuture.supplyAsync(
                        () -> {
                            while (socket.isOpen()) {
                                socket.receive(LONG);
                            }
                            return socket.receive(LONG).isEmpty();
                        },
                        work -> Thread.ofPlatform().start(work)));
            }
            socket.detach(cable.right);
            socket.attach(cable.right);
            socket.close();
            socket.close();
            socket.wake();
            for (var wait : waits) {
                assertThat(wait.get()).isTrue();
            }
            assertThatThrownBy(() -> socket.send(cable.right, frame(ALL, EXPERIMENT, "")))
                    .isInstanceOf(NetlinkException.class)
                    .hasMessage("cannot send a frame on link " + cable.right + ": the packet socket was closed");
        }
    }

    @Test
    void no_descriptor_is_left_open() throws IOException {
        try (var cable = new Cable()) {
            cable.socketHere(null, EXPERIMENT).close();
            int before = openFiles();
            for (int i = 0; i < 20; i++) {
                try (var socket = cable.socketHere(PacketFilter.NEIGHBOR_MESSAGES, EXPERIMENT, OTHER)) {
                    assertThatThrownBy(() -> socket.attach(4711)).isNotNull();
                    socket.detach(cable.left);
                    socket.attach(cable.left);
                }
            }
            assertThat(openFiles()).isEqualTo(before);
        }
    }

    private static int openFiles() throws IOException {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return (int) files.count();
        }
    }
}
