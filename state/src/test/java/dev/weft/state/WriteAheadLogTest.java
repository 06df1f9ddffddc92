package dev.weft.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Logs with pages of 512 bytes, made here from the description of the format.
@DisplayNameGeneration(ReplaceUnderscores.class)
class WriteAheadLogTest {
    private static final int FRAME = 24 + 512;

    private final ByteBuffer log = ByteBuffer.allocate(32 + 20 * FRAME);
    private int sum0;
    private int sum1;

    WriteAheadLogTest() {
        log.putInt(0x377f0683).putInt(3007000).putInt(512).putInt(0).putInt(77).putInt(88);
        sum(0, 24);
        log.putInt(sum0).putInt(sum1);
    }

    private void sum(int from, int length) {
        for (int at = from; at < from + length; at += 8) {
            sum0 += log.getInt(at) + sum1;
            sum1 += log.getInt(at + 4) + sum0;
        }
    }

    /// @param size pages of the file if this frame ends a transaction, else 0
    private WriteAheadLogTest frame(int page, int size) {
        int at = log.position();
        log.putInt(page).putInt(size).putInt(77).putInt(88).putInt(0).putInt(0);
        for (int i = 0; i < 512; i++) {
            log.put((byte) page);
        }
        sum(at, 8);
        sum(at + 24, 512);
        log.putInt(at + 16, sum0).putInt(at + 20, sum1);
        return this;
    }

    private static int at(int frame) {
        return 32 + frame * FRAME;
    }

    private WriteAheadLog changed(int offset, int value) {
        var bytes = Arrays.copyOf(log.array(), log.position());
        bytes[offset] = (byte) value;
        return new WriteAheadLog(bytes);
    }

    private WriteAheadLog whole() {
        return new WriteAheadLog(Arrays.copyOf(log.array(), log.position()));
    }

    private static byte[] file(int pages) {
        var file = new byte[pages * 512];
        ByteBuffer.wrap(file).putShort(16, (short) 512);
        return file;
    }

    private static int firstByte(byte[] file, int page) {
        return file[page * 512 - 1];
    }

    @Test
    void commits_are_played_into_the_file_and_what_is_not_committed_is_not() {
        frame(2, 0).frame(3, 4).frame(2, 0);
        var played = whole().over(file(3));
        assertThat(played).hasSize(4 * 512);
        assertThat(firstByte(played, 1)).isZero();
        assertThat(firstByte(played, 2)).isEqualTo(2);
        assertThat(firstByte(played, 3)).isEqualTo(3);
        assertThat(firstByte(played, 4)).isZero();
        assertThat(whole().isDamaged()).isFalse();
    }

    @Test
    void a_commit_can_shorten_the_file() {
        frame(3, 3).frame(2, 2);
        assertThat(whole().over(file(3))).hasSize(2 * 512);
    }

    @Test
    void pages_of_another_size_are_damage() {
        frame(2, 2);
        var file = file(2);
        ByteBuffer.wrap(file).putShort(16, (short) 1024);
        assertThatThrownBy(() -> whole().over(file))
                .isInstanceOf(DamagedException.class)
                .hasMessage("its log has pages of 512 bytes, and it has not");
    }

    @Test
    void no_log_and_one_without_frames_change_nothing() {
        var file = file(2);
        for (int length : new int[] {0, 1, 31, 32}) {
            var empty = new WriteAheadLog(Arrays.copyOf(log.array(), length));
            assertThat(empty.isEmpty()).isTrue();
            assertThat(empty.isDamaged()).isFalse();
            assertThat(empty.over(file)).isSameAs(file);
        }
        frame(2, 2);
        assertThat(whole().isEmpty()).isFalse();
    }

    @Test
    void any_byte_of_the_header_that_is_changed_is_damage() {
        frame(2, 2);
        for (int offset = 0; offset < 32; offset++) {
            assertThat(changed(offset, 0x55).isDamaged())
                    .as("offset %d", offset)
                    .isTrue();
        }
    }

    @Test
    void any_byte_of_any_transaction_but_the_last_that_is_changed_is_damage() {
        frame(2, 2).frame(2, 2).frame(2, 2);
        for (int offset = at(0); offset < at(2); offset++) {
            var changed = changed(offset, 0x55);
            assertThat(changed.isDamaged()).as("offset %d", offset).isTrue();
        }
    }

    @Test
    void the_last_transaction_may_be_torn_anyhow() {
        frame(2, 2).frame(1, 0).frame(2, 0).frame(3, 3);
        for (int torn = 1; torn <= 3; torn++) {
            assertThat(changed(at(torn) + 100, 0x55).isDamaged())
                    .as("frame %d", torn)
                    .isFalse();
            var bytes = Arrays.copyOf(log.array(), log.position());
            Arrays.fill(bytes, at(torn), at(torn + 1), (byte) 0);
            var zeros = new WriteAheadLog(bytes);
            assertThat(zeros.isDamaged()).as("frame %d", torn).isFalse();
            assertThat(zeros.over(file(3))).as("frame %d", torn).hasSize(2 * 512);
        }
    }

    @Test
    void a_frame_that_is_left_of_an_earlier_log_is_none_of_this_one() {
        frame(2, 2).frame(2, 2).frame(2, 2);
        for (int frame = 1; frame <= 2; frame++) {
            log.putInt(at(frame) + 8, 76).putInt(at(frame) + 12, 99);
        }
        assertThat(whole().isDamaged()).isFalse();
        assertThat(whole().over(file(2))).hasSize(2 * 512);
    }

    @Test
    void one_salt_that_is_changed_is_damage() {
        frame(2, 2).frame(2, 2).frame(2, 2);
        assertThat(changed(at(1) + 11, 1).isDamaged()).isTrue();
        assertThat(changed(at(1) + 15, 1).isDamaged()).isTrue();
    }

    @Test
    void a_transaction_whose_mark_of_a_commit_is_changed_is_told_by_its_pages() {
        frame(2, 2).frame(2, 2).frame(2, 2);
        assertThat(changed(at(1) + 7, 0).isDamaged()).isTrue();
    }

    @Test
    void two_commits_behind_a_damaged_frame_are_damage_whatever_their_pages() {
        frame(1, 3).frame(1, 0).frame(2, 3).frame(3, 3);
        assertThat(changed(at(1) + 100, 0x55).isDamaged()).isTrue();
    }

    @Test
    void page_numbers_are_unsigned() {
        frame(2, 2).frame(1, 0).frame(2, 2);
        assertThat(changed(at(1) + 100, 0x55).isDamaged()).isFalse();
        assertThat(changed(at(2), 0xff).isDamaged()).isFalse();
    }
}
