package dev.weft.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.weft.inet.MacAddress;
import dev.weft.inet.Vni;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Random bytes and random objects; a failure prints the seed, which `-Dweft.seed=` repeats.
@DisplayNameGeneration(ReplaceUnderscores.class)
class GarbageTest {
    /// Ten times as many with `weft test --long`.
    private static final int TIMES = Boolean.getBoolean("weft.long") ? 10 : 1;

    private static final int ROUNDS = 20_000 * TIMES;
    private static final List<Exchange.Decoder<?>> DECODERS = List.of(
            Link::decode,
            BridgePort::decode,
            Address::decode,
            Route::decode,
            Neighbor::decode,
            FdbEntry::decode,
            Qdisc::decode,
            Filter::decode);
    private static final List<String> RECORDINGS = List.of(
            "list-links",
            "list-addresses",
            "list-routes",
            "list-routes-ipv6",
            "list-neighbors",
            "list-fdb",
            "list-qdiscs",
            "list-filters",
            "refused-vni-exists");

    private final long seed = Long.getLong("weft.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void random_bytes_are_read_or_refused_clearly() {
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = new byte[random.nextInt(120)];
            random.nextBytes(bytes);
            decodeAll(bytes);
            readMessages(bytes);
        }
    }

    @Test
    void real_answers_with_some_bytes_changed_or_cut_off_are_read_or_refused_clearly() {
        for (String recording : RECORDINGS) {
            for (byte[] datagram : Captured.of(recording).received()) {
                for (int round = 0; round < 300 * TIMES; round++) {
                    readMessages(damaged(datagram));
                }
            }
        }
    }

    private byte[] damaged(byte[] datagram) {
        byte[] copy = java.util.Arrays.copyOf(datagram, random.nextInt(datagram.length + 1));
        for (int change = random.nextInt(8); change > 0 && copy.length > 0; change--) {
            copy[random.nextInt(copy.length)] = (byte) random.nextInt();
        }
        return copy;
    }

    private void readMessages(byte[] datagram) {
        try {
            var messages = new Messages(buffer(datagram));
            for (int count = 0; messages.next(); count++) {
                assertThat(count).as("seed " + seed).isLessThan(datagram.length);
                messages.errno();
                messages.kernelText();
                byte[] body = new byte[messages.body().remaining()];
                messages.body().get(body);
                decodeAll(body);
            }
        } catch (MalformedMessageException expected) {
            assertThat(expected).hasMessageContaining(" ");
        } catch (RuntimeException unexpected) {
            fail("seed " + seed + ", datagram " + HexFormat.of().formatHex(datagram), unexpected);
        }
    }

    private void decodeAll(byte[] body) {
        for (var decoder : DECODERS) {
            try {
                decoder.decode(buffer(body));
            } catch (MalformedMessageException expected) {
                assertThat(expected).hasMessageContaining(" ");
            } catch (RuntimeException unexpected) {
                fail("seed " + seed + ", body " + HexFormat.of().formatHex(body), unexpected);
            }
        }
    }

    @Test
    void FDB_entries_survive_being_written_and_read() {
        for (int round = 0; round < ROUNDS; round++) {
            boolean self = random.nextBoolean();
            var entry = new FdbEntry(
                    random.nextInt(),
                    new MacAddress(random.nextLong() >>> 16),
                    FdbEntry.Table.SELF,
                    self ? address() : null,
                    FdbEntry.State.values()[random.nextInt(3)],
                    random.nextInt(4096),
                    random.nextBoolean(),
                    random.nextBoolean());
            var out = new MessageWriter();
            entry.encode(out);
            assertThat(FdbEntry.decode(buffer(out.toBytes())))
                    .as("seed " + seed)
                    .isEqualTo(entry);
        }
    }

    @Test
    void neighbors_survive_being_written_and_read() {
        var states = Neighbor.State.values();
        for (int round = 0; round < ROUNDS; round++) {
            var neighbor = new Neighbor(
                    random.nextInt(),
                    address(),
                    random.nextBoolean() ? new MacAddress(random.nextLong() >>> 16) : null,
                    states[random.nextInt(states.length)],
                    random.nextBoolean());
            var out = new MessageWriter();
            neighbor.encode(out);
            assertThat(Neighbor.decode(buffer(out.toBytes())))
                    .as("seed " + seed)
                    .isEqualTo(neighbor);
        }
    }

    @Test
    void rates_and_queues_of_token_buckets_survive_being_written_and_read() {
        for (int round = 0; round < ROUNDS; round++) {
            // Up to 2^40 bit/s; the burst is what goes in 0.1 to 1000 ms, if that is not too much.
            long rate = 80_000 + (random.nextLong() >>> 24 + random.nextInt(20));
            long burst = Math.clamp((long) (rate / 8 * Math.pow(10, -random.nextDouble(4))), 1, 1 << 25);
            var bucket = new TokenBucket(rate, (int) burst, 1 + random.nextInt(Integer.MAX_VALUE));
            var out = new MessageWriter();
            Qdisc.root(3, bucket).encode(out);
            var read = (TokenBucket) Qdisc.decode(buffer(out.toBytes())).kind();
            assertThat(read.bitsPerSecond()).as("seed " + seed).isEqualTo(bucket.bitsPerSecond());
            assertThat(read.limit()).as("seed " + seed).isEqualTo(bucket.limit());
        }
    }

    @Test
    void redirections_survive_being_written_and_read() {
        for (int round = 0; round < ROUNDS; round++) {
            var filter = new Filter(
                    random.nextInt(),
                    new Handle(random.nextInt()),
                    1 + random.nextInt(0xffff),
                    random.nextInt(0x10000),
                    1 + random.nextInt(0xfff),
                    new Redirect(1 + random.nextInt(Integer.MAX_VALUE)));
            var out = new MessageWriter();
            filter.encode(out);
            assertThat(Filter.decode(buffer(out.toBytes()))).as("seed " + seed).isEqualTo(filter);
        }
    }

    @Test
    void VXLAN_settings_survive_being_written_and_read() {
        for (int round = 0; round < ROUNDS; round++) {
            var vxlan = new Vxlan(
                    new Vni(1 + random.nextInt((1 << 24) - 1)),
                    random.nextBoolean() ? address(4) : null,
                    random.nextBoolean() ? address(4) : null,
                    random.nextInt(),
                    random.nextInt(1 << 16),
                    random.nextBoolean(),
                    random.nextInt(256));
            var out = new MessageWriter();
            vxlan.encode(out);
            assertThat(Vxlan.decode(new Attributes(buffer(out.toBytes()))))
                    .as("seed " + seed)
                    .isEqualTo(vxlan);
        }
    }

    private InetAddress address() {
        return address(random.nextBoolean() ? 4 : 16);
    }

    private InetAddress address(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }
}
