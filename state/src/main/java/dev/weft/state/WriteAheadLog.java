package dev.weft.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// SQLite's write-ahead log, read before SQLite reads it: SQLite ends at the first frame that is wrong, and so would
/// lose without a word what was committed behind a damaged one. Source: sqlite.org/fileformat2.html, section 4.
final class WriteAheadLog {
    private static final int HEADER = 32;
    private static final int FRAME_HEADER = 24;
    private static final int MAGIC = 0x377f0682;
    private static final int LARGEST_PAGE = 65536;

    private final ByteBuffer log;
    private final ByteOrder sums;
    private final int frame;
    private int sum0;
    private int sum1;

    private WriteAheadLog(ByteBuffer log, int pageSize, ByteOrder sums) {
        this.log = log;
        this.sums = sums;
        this.frame = FRAME_HEADER + pageSize;
    }

    /// Whether a commit that was acknowledged cannot be read any more. What is torn at the end was never acknowledged:
    /// a transaction begins when the one before it is on the disk.
    static boolean isDamaged(Path file) throws IOException {
        if (!Files.exists(file) || Files.size(file) <= HEADER) {
            return false;
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            var log = ByteBuffer.allocate((int) Math.min(channel.size(), Integer.MAX_VALUE - LARGEST_PAGE));
            while (log.hasRemaining() && channel.read(log) >= 0) {
                // until it is whole
            }
            log.flip();
            return isDamaged(log);
        }
    }

    private static boolean isDamaged(ByteBuffer log) {
        int magic = log.getInt(0);
        int pageSize = log.getInt(8);
        if ((magic & ~1) != MAGIC || Integer.bitCount(pageSize) != 1 || pageSize < 512 || pageSize > LARGEST_PAGE) {
            return true; // it is written in one sector, before the first commit is acknowledged
        }
        var order = (magic & 1) == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        var reader = new WriteAheadLog(log, pageSize, order);
        reader.add(0, HEADER - 8);
        return !reader.sumStandsAt(HEADER - 8) || reader.hasCommitBehindDamage();
    }

    /// A frame of this log that follows a commit shows that the commit had been acknowledged.
    private boolean hasCommitBehindDamage() {
        boolean damaged = false;
        boolean commit = false;
        for (int at = HEADER; at + frame <= log.limit(); at += frame) {
            if (!isOfThisLog(at)) {
                if (!damaged) {
                    damaged = true; // or the end: what follows may be left of an earlier log
                }
                continue;
            }
            if (commit) {
                return true;
            }
            damaged = damaged || !isWhole(at);
            commit = damaged && log.getInt(at + 4) != 0;
        }
        return false;
    }

    /// Whether the frame has the salts of the header: they change when the log begins anew.
    private boolean isOfThisLog(int at) {
        return log.getLong(at + 8) == log.getLong(16);
    }

    /// Whether its checksum, which is over all frames before it too, is right.
    private boolean isWhole(int at) {
        add(at, 8);
        add(at + FRAME_HEADER, frame - FRAME_HEADER);
        return sumStandsAt(at + 16);
    }

    private void add(int from, int length) {
        var words = log.duplicate().order(sums);
        for (int at = from; at < from + length; at += 8) {
            sum0 += words.getInt(at) + sum1;
            sum1 += words.getInt(at + 4) + sum0;
        }
    }

    private boolean sumStandsAt(int at) {
        return log.getInt(at) == sum0 && log.getInt(at + 4) == sum1;
    }
}
