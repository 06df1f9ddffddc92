package dev.weft.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is in the log when a process is killed: SQLite's log is believed only if no acknowledged commit is missing.
@DisplayNameGeneration(ReplaceUnderscores.class)
class DamagedLogTest {
    private static final int COMMITS = 12;
    private static final int HEADER = 32;
    private static final int FRAME = 24 + 4096;

    @TempDir
    Path temporary;

    private Path folder;
    private StateFolder killed;
    private StateFolder beforeLast;
    private int refused;

    @BeforeEach
    void kill() throws Exception {
        folder = temporary.resolve("state");
        try (var registry = Registry.open(folder)) {
            registry.put(Sample.network(1));
        }
        try (var writer = StateProcess.start(Numbered.class, folder.toString())) {
            for (int i = 1; i <= COMMITS; i++) {
                beforeLast = StateFolder.of(folder);
                assertThat(writer.say("next")).isEqualTo("acknowledged " + i);
            }
        }
        killed = StateFolder.of(folder);
        assertThat(log().length).isGreaterThan(HEADER + COMMITS * FRAME);
    }

    /// Commits an endpoint, with a number, for each line that it reads.
    static final class Numbered {
        private Numbered() {}

        public static void main(String[] folder) {
            var registry = Registry.open(Path.of(folder[0]));
            var numbers = IntStream.iterate(1, number -> number + 1).iterator();
            StateProcess.commands().forEach(next -> {
                int number = numbers.next();
                registry.put(endpoint(number));
                System.out.println("acknowledged " + number);
            });
        }
    }

    private static EndpointRecord endpoint(int number) {
        return Sample.endpoint(1 + 12 * number);
    }

    private byte[] log() {
        return killed.bytes("weft.db-wal");
    }

    private int frames() {
        return (log().length - HEADER) / FRAME;
    }

    /// Of the frames of the last transaction.
    private int beginOfLast() {
        var log = ByteBuffer.wrap(log());
        int frame = frames() - 1;
        while (log.getInt(HEADER + (frame - 1) * FRAME + 4) == 0) {
            frame--;
        }
        return HEADER + frame * FRAME;
    }

    /// @param least that many must be there, if it is not refused
    private void tryWith(StateFolder files, int least, String what) throws Exception {
        files.writeTo(folder);
        try (var registry = Registry.open(folder)) {
            var found = List.copyOf(registry.endpoints());
            assertThat(found.size()).as(what).isBetween(least, COMMITS);
            assertThat(found)
                    .as(what)
                    .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, found.size())
                            .mapToObj(DamagedLogTest::endpoint)
                            .toList());
        } catch (StateException refusal) {
            refused++;
            assertThat(refusal.getMessage()).as(what).contains(" is damaged: ");
            assertThat(StateFolder.of(folder).contents()).as(what).isEqualTo(files.contents());
        }
    }

    @Test
    void a_process_that_was_killed_has_lost_nothing() throws Exception {
        tryWith(killed, COMMITS, "killed");
        assertThat(refused).isZero();
    }

    @Test
    void a_byte_changed_anywhere_in_the_log_is_found() throws Exception {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int frame = 0; frame < frames(); frame++) {
            for (int offset : IntStream.concat(IntStream.range(0, 24), random.ints(8, 24, FRAME))
                    .toArray()) {
                tryFlipped(killed, HEADER + frame * FRAME + offset, 1 + random.nextInt(255), COMMITS, seed);
            }
        }
        for (int offset = 0; offset < HEADER; offset++) {
            tryFlipped(killed, offset, 1 + random.nextInt(255), COMMITS, seed);
        }
        assertThat(refused).isEqualTo(frames() * 32 + HEADER);
    }

    @Test
    void without_the_number_of_commits_the_log_itself_tells_all_but_the_last() throws Exception {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int frame = 0; frame < frames(); frame++) {
            for (int offset : IntStream.concat(IntStream.range(0, 24), random.ints(4, 24, FRAME))
                    .toArray()) {
                tryFlipped(
                        killed.with("weft.db-commits", null),
                        HEADER + frame * FRAME + offset,
                        1 + random.nextInt(255),
                        COMMITS - 1,
                        seed);
            }
        }
        assertThat(refused).isGreaterThanOrEqualTo((beginOfLast() - HEADER) / FRAME * 28);
    }

    private void tryFlipped(StateFolder files, int offset, int bits, int least, long seed) throws Exception {
        var log = log();
        log[offset] ^= (byte) bits;
        tryWith(
                files.with("weft.db-wal", log),
                least,
                "byte %d (%d of frame %d) changed by %02x, seed %d"
                        .formatted(offset, (offset - HEADER) % FRAME, (offset - HEADER) / FRAME, bits, seed));
    }

    @Test
    void a_log_that_ends_too_early_or_is_gone_is_found() throws Exception {
        for (int end = 0; end < log().length; end += end < HEADER ? 8 : FRAME / 2) {
            tryWith(killed.with("weft.db-wal", Arrays.copyOf(log(), end)), COMMITS, "cut at " + end);
        }
        tryWith(killed.with("weft.db-wal", null), COMMITS, "no log");
        assertThat(refused).isGreaterThan(2 * frames());
    }

    @Test
    void a_commit_that_was_torn_is_gone_and_all_that_was_acknowledged_is_there() throws Exception {
        var torn = killed.with("weft.db-commits", beforeLast.bytes("weft.db-commits"));
        var random = new Random(1);
        for (int end = beginOfLast(); end <= log().length; end += 512) {
            tryWith(torn.with("weft.db-wal", Arrays.copyOf(log(), end)), COMMITS - 1, "cut at " + end);
            var garbage = log();
            for (int i = end; i < garbage.length; i++) {
                garbage[i] = (byte) random.nextInt();
            }
            tryWith(torn.with("weft.db-wal", garbage), COMMITS - 1, "garbage from " + end);
        }
        assertThat(refused).isZero();
    }

    @Test
    void whichever_frames_of_a_torn_commit_reached_the_disk_it_is_gone() throws Exception {
        var torn = killed.with("weft.db-commits", beforeLast.bytes("weft.db-commits"));
        for (int at = beginOfLast(); at < log().length; at += FRAME) {
            var zeros = log();
            Arrays.fill(zeros, at, at + FRAME, (byte) 0);
            tryWith(torn.with("weft.db-wal", zeros), COMMITS - 1, "zeros at " + at);
            var older = log();
            System.arraycopy(older, HEADER, older, at, FRAME);
            older[at + 11]--; // salts of an earlier log
            older[at + 15]++;
            tryWith(torn.with("weft.db-wal", older), COMMITS - 1, "older frame at " + at);
        }
        assertThat(refused).isZero();
    }

    @Test
    void what_a_torn_commit_has_left_does_not_disturb_later_ones() throws Exception {
        var torn = log();
        torn[beginOfLast() + 100]++;
        killed.with("weft.db-commits", beforeLast.bytes("weft.db-commits"))
                .with("weft.db-wal", torn)
                .writeTo(folder);
        StateFolder later;
        try (var registry = Registry.open(folder)) {
            assertThat(registry.endpoints()).hasSize(COMMITS - 1);
            assertThat(folder.resolve("weft.db-wal")).isEmptyFile();
            registry.put(new Tombstone(Tombstone.Kind.NETWORK, "x", "x", "x", Instant.EPOCH));
            later = StateFolder.of(folder);
        }
        later.writeTo(folder);
        try (var registry = Registry.open(folder)) {
            assertThat(registry.tombstones()).hasSize(1);
        }
    }

    @Test
    void a_log_without_its_file_is_refused() throws Exception {
        tryWith(killed.with("weft.db", null), COMMITS, "no file");
        assertThat(refused).isEqualTo(1);
    }

    @Test
    void a_backup_beside_the_log_of_another_file_is_refused_and_without_it_is_used() throws Exception {
        killed.writeTo(folder);
        try (var registry = Registry.open(folder)) {
            registry.backup(temporary.resolve("backup"));
            registry.put(endpoint(COMMITS + 1));
        }
        var backup = StateFolder.of(folder).with("weft.db", Files.readAllBytes(temporary.resolve("backup")));
        var mixed = backup.with("weft.db-wal", log());
        mixed.writeTo(folder);
        assertThatThrownBy(() -> Registry.open(folder))
                .hasMessage("cannot use the state in " + folder.resolve("weft.db") + ": it is a backup, and "
                        + folder.resolve("weft.db-wal") + " is the log of another file. Move the log away.");
        assertThat(StateFolder.of(folder).contents()).isEqualTo(mixed.contents());
        tryWith(backup, COMMITS, "backup");
        assertThat(refused).isZero();
        assertThat(new String(StateFolder.of(folder).bytes("weft.db-commits"), UTF_8))
                .isEqualTo("0000000000000000014\n");
    }
}
