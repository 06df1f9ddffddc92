package dev.weft.state;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A file that was changed by something else than Weft is refused and left as it is, or what it has is all right.
@DisplayNameGeneration(ReplaceUnderscores.class)
class DamagedFileTest {
    private static final int PAGE = 4096;
    private static final int TIMES = Boolean.getBoolean("weft.long") ? 20 : 1;

    @TempDir
    Path temporary;

    private Path folder;
    private StateFolder whole;
    private int refused;

    @BeforeEach
    void fill() throws Exception {
        folder = temporary.resolve("state");
        Sample.fill(folder);
        whole = StateFolder.of(folder);
        assertThat(whole.files()).containsOnlyKeys("weft.db", "weft.db-commits");
        assertThat(whole.bytes("weft.db").length).isGreaterThan(20 * PAGE);
    }

    @Test
    void a_byte_changed_in_any_page_is_found_or_does_not_matter() throws Exception {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        var file = whole.bytes("weft.db");
        int tried = 0;
        for (int page = 0; page < file.length / PAGE; page++) {
            int header = page == 0 ? 100 : 0;
            int[] offsets = IntStream.concat(
                            IntStream.range(header, header + 8), random.ints(8L * TIMES, header + 8, PAGE))
                    .toArray();
            for (int offset : offsets) {
                tryFlipped(page * PAGE + offset, 1 + random.nextInt(255), "seed " + seed);
                tried++;
            }
        }
        assertThat(refused).as("of %d, seed %d", tried, seed).isGreaterThan(tried / 4);
    }

    @Test
    void a_byte_changed_in_the_header_is_found_or_does_not_matter() throws Exception {
        for (int offset = 0; offset < 100; offset++) {
            for (int bits : new int[] {0x03, 0xff}) {
                tryFlipped(offset, bits, "header");
            }
        }
        assertThat(refused).isGreaterThan(60);
    }

    private void tryFlipped(int offset, int bits, String what) throws Exception {
        var file = whole.bytes("weft.db");
        file[offset] ^= (byte) bits;
        tryWith(whole.with("weft.db", file), "byte %d changed by %02x, %s".formatted(offset, bits, what));
    }

    @Test
    void a_file_that_ends_anywhere_is_found() throws Exception {
        var file = whole.bytes("weft.db");
        for (int end = 0; end < file.length; end += PAGE / 2) {
            tryWith(whole.with("weft.db", Arrays.copyOf(file, end)), "cut at " + end);
        }
        assertThat(refused).isEqualTo(file.length / (PAGE / 2));
    }

    @Test
    void pages_that_were_exchanged_or_are_of_another_day_are_found() throws Exception {
        try (var registry = Registry.open(folder)) {
            registry.put(Sample.endpoint(3).of("another"));
        }
        var newer = StateFolder.of(folder).bytes("weft.db");
        var older = whole.bytes("weft.db");
        int different = 0;
        for (int page = 1; page < older.length / PAGE; page++) {
            var mixed = older.clone();
            System.arraycopy(newer, page * PAGE, mixed, page * PAGE, PAGE);
            if (!Arrays.equals(mixed, older)) {
                different++;
                tryWith(whole.with("weft.db", mixed), "page " + page + " is newer");
            }
        }
        assertThat(different).isGreaterThanOrEqualTo(2);
        assertThat(refused).isGreaterThanOrEqualTo(2);
    }

    /// @throws AssertionError if other records are served than were written, or a file is changed that is refused
    private void tryWith(StateFolder files, String what) throws Exception {
        files.writeTo(folder);
        try (var registry = Registry.open(folder)) {
            assertThat(Sample.in(registry)).as(what).containsExactlyInAnyOrderElementsOf(Sample.RECORDS);
            registry.put(Sample.endpoint(500));
        } catch (StateException refusal) {
            refused++;
            assertThat(refusal.getMessage())
                    .as(what)
                    .containsPattern(
                            "the state in .* is damaged: |cannot use the state in .*: it is (of format|a data)")
                    .doesNotContain("\n");
            assertThat(StateFolder.of(folder).contents()).as(what).isEqualTo(files.contents());
        }
    }

    @Test
    void a_file_of_no_bytes_is_damaged() throws Exception {
        whole.with("weft.db", new byte[0]).writeTo(folder);
        assertThatThrownBy(() -> Registry.open(folder))
                .hasMessage("the state in " + folder.resolve("weft.db") + " is damaged: it is empty."
                        + " Running containers keep their networks. Run 'weft state"
                        + " rebuild' while Docker runs, or put a backup in its place, then restart the agent.");
    }

    @Test
    void a_file_that_went_missing_is_not_taken_for_a_new_host() throws Exception {
        whole.with("weft.db", null).writeTo(folder);
        assertThatThrownBy(() -> Registry.open(folder))
                .hasMessageContaining(
                        "is damaged: it is missing, and " + folder.resolve("weft.db-commits") + " is there.");
        assertThat(folder.resolve("weft.db")).doesNotExist();
    }

    @Test
    void an_older_file_in_its_place_is_refused_and_said_how_to_use() throws Exception {
        try (var registry = Registry.open(folder)) {
            registry.put(Sample.endpoint(500));
        }
        var newer = StateFolder.of(folder);
        newer.with("weft.db", whole.bytes("weft.db")).writeTo(folder);
        assertThatThrownBy(() -> Registry.open(folder))
                .hasMessageContaining("is damaged: commits 5 to 5 are missing: its log was lost or cut, or it is an"
                        + " older file (then remove " + folder.resolve("weft.db-commits") + ").");
        whole.with("weft.db-commits", null).writeTo(folder);
        try (var registry = Registry.open(folder)) {
            assertThat(registry.endpoints()).hasSize(120);
        }
    }

    @Test
    void a_number_of_commits_that_cannot_be_read_is_no_obstacle() throws Exception {
        for (var text : new String[] {"", "\0\0\0\0", "\uffff", "0000000000000000002"}) {
            whole.with("weft.db-commits", text.getBytes(UTF_8)).writeTo(folder);
            try (var registry = Registry.open(folder)) {
                assertThat(registry.endpoints()).hasSize(120);
            }
            assertThat(folder.resolve("weft.db-commits")).hasContent("0000000000000000004");
        }
    }

    @Test
    void tables_that_were_altered_are_refused() throws Exception {
        var file = whole.bytes("weft.db");
        int at = new String(file, ISO_8859_1).indexOf("REFERENCES network");
        file[at + "REFERENCES ".length()] = 'N';
        whole.with("weft.db", file).writeTo(folder);
        assertThatThrownBy(() -> Registry.open(folder))
                .hasMessageContaining("is damaged: its tables are not those of format 3.");
    }

    @Test
    void what_is_served_is_checked_against_the_file() throws Exception {
        try (var registry = Registry.open(folder)) {
            registry.check();
            try (var file = FileChannel.open(folder.resolve("weft.db"), StandardOpenOption.WRITE)) {
                var text = new String(whole.bytes("weft.db"), ISO_8859_1);
                for (int at = text.indexOf("web-"); at >= 0; at = text.indexOf("web-", at + 1)) {
                    file.write(ByteBuffer.wrap(new byte[] {'W'}), at);
                }
            }
            assertThatThrownBy(registry::check)
                    .isInstanceOf(StateException.class)
                    .hasMessageContaining("is damaged: the endpoint e");
            assertThatThrownBy(() -> registry.backup(temporary.resolve("copy")))
                    .hasMessageContaining("is damaged: the endpoint e");
            assertThat(temporary.resolve("copy")).doesNotExist();
        }
    }
}
