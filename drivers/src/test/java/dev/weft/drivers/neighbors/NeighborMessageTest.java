package dev.weft.drivers.neighbors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.weft.inet.MacAddress;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// The frames were captured on a cable between two network namespaces, of which one has 192.168.1.1, fd00::1 and
/// 02:00:00:00:00:01, the other 192.168.1.50, fd00::abcd and 02:00:00:00:00:02.
@DisplayNameGeneration(ReplaceUnderscores.class)
class NeighborMessageTest {
    private static final MacAddress ONE = MacAddress.parse("02:00:00:00:00:01");
    private static final MacAddress TWO = MacAddress.parse("02:00:00:00:00:02");
    private static final Inet4Address A1 = (Inet4Address) InetAddress.ofLiteral("192.168.1.1");
    private static final Inet4Address A50 = (Inet4Address) InetAddress.ofLiteral("192.168.1.50");
    private static final Inet6Address F1 = (Inet6Address) InetAddress.ofLiteral("fd00::1");
    private static final Inet6Address FABCD = (Inet6Address) InetAddress.ofLiteral("fd00::abcd");

    private static final String ARP_REQUEST =
            "ffffffffffff02000000000108060001080006040001020000000001c0a80101000000000000c0a80132";
    private static final String ARP_REPLY =
            "02000000000102000000000208060001080006040002020000000002c0a80132020000000001c0a80101";
    private static final String ARP_ANNOUNCEMENT =
            "ffffffffffff02000000000108060001080006040001020000000001c0a80101000000000000c0a80101";
    private static final String SOLICITATION =
            "3333ff00abcd02000000000186dd6000000000203afffd000000000000000000000000000001ff02000000000000000000"
                    + "01ff00abcd8700260000000000fd00000000000000000000000000abcd0101020000000001";
    private static final String ADVERTISEMENT =
            "02000000000102000000000286dd6000000000203afffd00000000000000000000000000abcdfd00000000000000000000"
                    + "00000000018800c50260000000fd00000000000000000000000000abcd0201020000000002";
    private static final String UNSOLICITED_ADVERTISEMENT =
            "33330000000102000000000186dd6000000000203afffd000000000000000000000000000001ff02000000000000000000"
                    + "000000000188005a9b20000000fd0000000000000000000000000000010201020000000001";

    /// With a nonce (RFC 7527), as the kernel sends it.
    private static final String DUPLICATE_DETECTION =
            "3333ff00abcd02000000000286dd6000000000203aff00000000000000000000000000000000ff02000000000000000000"
                    + "01ff00abcd8700ea6000000000fd00000000000000000000000000abcd0e015e4a977137e6";

    private static final List<String> ALL = List.of(
            ARP_REQUEST,
            ARP_REPLY,
            ARP_ANNOUNCEMENT,
            SOLICITATION,
            ADVERTISEMENT,
            UNSOLICITED_ADVERTISEMENT,
            DUPLICATE_DETECTION);

    /// Ten times as many with `weft test --long`.
    private static final int ROUNDS = Boolean.getBoolean("weft.long") ? 200_000 : 20_000;

    private final long seed = Long.getLong("weft.seed", System.nanoTime());
    private final Random random = new Random(seed);

    private static byte[] bytes(String frame) {
        return HexFormat.of().parseHex(frame);
    }

    private static NeighborMessage decoded(String frame) {
        return NeighborMessage.decode(ByteBuffer.wrap(bytes(frame))).orElseThrow();
    }

    private static Claim claim(String frame) {
        return decoded(frame).claim().orElseThrow();
    }

    @Test
    void ARP_is_read() {
        assertThat(decoded(ARP_REQUEST)).isEqualTo(new ArpMessage(true, ONE, A1, new MacAddress(0), A50));
        assertThat(decoded(ARP_REPLY)).isEqualTo(new ArpMessage(false, TWO, A50, ONE, A1));
    }

    @Test
    void neighbor_discovery_is_read() {
        var group = (Inet6Address) InetAddress.ofLiteral("ff02::1:ff00:abcd");
        assertThat(decoded(SOLICITATION)).isEqualTo(new NeighborSolicitation(ONE, F1, group, FABCD, ONE));
        assertThat(decoded(DUPLICATE_DETECTION))
                .isEqualTo(new NeighborSolicitation(TWO, Icmpv6.UNSPECIFIED, group, FABCD, null));
        assertThat(decoded(ADVERTISEMENT)).isEqualTo(new NeighborAdvertisement(TWO, FABCD, F1, 0x60000000, FABCD, TWO));
    }

    @Test
    void announcements_are_what_a_kernel_sends() {
        assertThat(ArpMessage.announcement(ONE, A1).toFrame()).isEqualTo(bytes(ARP_ANNOUNCEMENT));
        assertThat(NeighborAdvertisement.announcement(ONE, F1).toFrame()).isEqualTo(bytes(UNSOLICITED_ADVERTISEMENT));
    }

    @Test
    void a_solicitation_is_what_a_kernel_sends() {
        assertThat(decoded(SOLICITATION).toFrame()).isEqualTo(bytes(SOLICITATION));
    }

    @Test
    void an_ARP_probe_has_no_sender_address() {
        var probe = ArpMessage.probe(ONE, A50);
        assertThat(probe.toFrame())
                .isEqualTo(
                        bytes("ffffffffffff0200000000010806000108000604000102000000000100000000000000000000c0a80132"));
        assertThat(NeighborMessage.decode(ByteBuffer.wrap(probe.toFrame()))).contains(probe);
    }

    @Test
    void duplicate_detection_has_no_source_and_goes_to_the_group_of_the_address() {
        assertThat(NeighborSolicitation.probe(TWO, FABCD).toFrame())
                .isEqualTo(bytes("3333ff00abcd02000000000286dd6000000000183aff00000000000000000000000000000000"
                        + "ff0200000000000000000001ff00abcd8700260c00000000fd00000000000000000000000000abcd"));
    }

    @Test
    void a_message_says_who_has_an_address() {
        assertThat(claim(ARP_REQUEST)).isEqualTo(new Claim(A1, ONE, false));
        assertThat(claim(ARP_REPLY)).isEqualTo(new Claim(A50, TWO, false));
        assertThat(claim(ARP_ANNOUNCEMENT)).isEqualTo(new Claim(A1, ONE, false));
        assertThat(claim(SOLICITATION)).isEqualTo(new Claim(F1, ONE, false));
        assertThat(claim(ADVERTISEMENT)).isEqualTo(new Claim(FABCD, TWO, false));
        assertThat(claim(UNSOLICITED_ADVERTISEMENT)).isEqualTo(new Claim(F1, ONE, false));
    }

    @Test
    void a_message_says_who_would_like_to_have_an_address() {
        assertThat(claim(DUPLICATE_DETECTION)).isEqualTo(new Claim(FABCD, TWO, true));
        assertThat(ArpMessage.probe(ONE, A50).claim()).contains(new Claim(A50, ONE, true));
    }

    @Test
    void padding_is_no_part_of_a_message() {
        for (String frame : ALL) {
            assertThat(decoded(frame + "00".repeat(18))).isEqualTo(decoded(frame));
        }
    }

    @Test
    void neighbor_discovery_from_behind_a_router_or_with_a_wrong_checksum_is_nothing() {
        for (int offset : new int[] {21, 60, 70}) { // hop limit, flags, target
            byte[] damaged = bytes(ADVERTISEMENT);
            damaged[offset] ^= 0x10;
            assertThat(NeighborMessage.decode(ByteBuffer.wrap(damaged))).isEmpty();
        }
    }

    @Test
    void damaged_frames_are_read_or_are_nothing() {
        for (String frame : ALL) {
            for (int round = 0; round < ROUNDS; round++) {
                byte[] original = bytes(frame);
                byte[] damaged = Arrays.copyOf(original, random.nextInt(original.length + 20));
                for (int change = random.nextInt(6); change > 0 && damaged.length > 0; change--) {
                    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
                }
                read(damaged);
            }
        }
    }

    @Test
    void frames_cut_off_anywhere_are_nothing() {
        for (String frame : ALL) {
            for (int length = 0; length < bytes(frame).length; length++) {
                assertThat(read(Arrays.copyOf(bytes(frame), length))).isEmpty();
            }
        }
    }

    /// Options decide over how far a loop goes, so they are the ones that change, with a checksum that is right.
    @Test
    void any_options_are_read() {
        for (int round = 0; round < ROUNDS; round++) {
            byte[] packet = bytes(ADVERTISEMENT);
            for (int at = 78; at < packet.length; at++) {
                packet[at] = (byte) random.nextInt(4);
            }
            packet[56] = 0;
            packet[57] = 0;
            int sum = 32 + 58;
            for (int at = 22; at < packet.length; at += 2) {
                sum += Short.toUnsignedInt(ByteBuffer.wrap(packet).getShort(at));
            }
            int checksum = ~((sum & 0xffff) + (sum >>> 16) + ((sum & 0xffff) + (sum >>> 16) >>> 16));
            ByteBuffer.wrap(packet).putShort(56, (short) checksum);
            assertThat(read(packet)).as("seed " + seed).isPresent();
        }
    }

    private Optional<NeighborMessage> read(byte[] frame) {
        try {
            var message = NeighborMessage.decode(ByteBuffer.wrap(frame));
            message.ifPresent(NeighborMessage::claim);
            return message;
        } catch (RuntimeException unexpected) {
            return fail("seed " + seed + ", frame " + HexFormat.of().formatHex(frame), unexpected);
        }
    }
}
