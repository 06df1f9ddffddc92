package dev.weft.state;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// SQLite's write-ahead log, read as SQLite reads it: up to the last commit before the first frame that is wrong. What
/// was committed behind a damaged frame would so be lost without a word; [#isDamaged] looks there.
/// Source: sqlite.org/fileformat2.html, section 4.
final class WriteAheadLog {
    private static final int HEADER = 32;
    private static final int FRAME_HEADER = 24;
    private static final int MAGIC = 0x377f0682;
    private static final int SMALLEST_PAGE = 512;
    private static final int LARGEST_PAGE = 65536;

    private final ByteBuffer log;
    private final ByteOrder sums;
    private final int pageSize;
    private final boolean headerIsWhole;
    private final int frames;
    private final int committed;
    private int sum0;
    private int sum1;

    /// @param log what is in the file; nothing if there is none
    WriteAheadLog(byte[] log) {
        this.log = ByteBuffer.wrap(log.length < HEADER ? new byte[HEADER] : log);
        sums = (this.log.getInt(0) & 1) == 0 ? LITTLE_ENDIAN : BIG_ENDIAN;
        pageSize = this.log.getInt(8);
        headerIsWhole = log.length <= HEADER || headerIsWhole();
        frames = headerIsWhole && log.length > HEADER ? (log.length - HEADER) / (FRAME_HEADER + pageSize) : 0;
        committed = committedFrames();
    }

    static WriteAheadLog at(Path file) throws IOException {
        return new WriteAheadLog(Files.exists(file) ? Files.readAllBytes(file) : new byte[0]);
    }

    private boolean headerIsWhole() {
        if ((log.getInt(0) & ~1) != MAGIC
                || Integer.bitCount(pageSize) != 1
                || pageSize < SMALLEST_PAGE
                || pageSize > LARGEST_PAGE) {
            return false;
        }
        add(0, HEADER - 8);
        return sumStandsAt(HEADER - 8);
    }

    /// How many frames SQLite reads.
    private int committedFrames() {
        int last = 0;
        for (int i = 0; i < frames && isWhole(i); i++) {
            if (endsCommit(i)) {
                last = i + 1;
            }
        }
        return last;
    }

    private int at(int frame) {
        return HEADER + frame * (FRAME_HEADER + pageSize);
    }

    private int page(int frame) {
        return log.getInt(at(frame));
    }

    private boolean endsCommit(int frame) {
        return log.getInt(at(frame) + 4) != 0;
    }

    /// Whether SQLite takes it: the salts are those of the header, and the checksum, over all before it too, is right.
    private boolean isWhole(int frame) {
        int at = at(frame);
        add(at, 8);
        add(at + FRAME_HEADER, pageSize);
        return log.getLong(at + 8) == log.getLong(16) && page(frame) != 0 && sumStandsAt(at + 16);
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

    boolean isEmpty() {
        return log.limit() <= HEADER;
    }

    /// The file as it is with the commits of the log.
    ///
    /// @throws DamagedException if the log has pages of another size
    byte[] over(byte[] file) {
        if (committed == 0) {
            return file;
        }
        if (pageSize != Image.pageSize(file)) {
            throw new DamagedException("its log has pages of " + pageSize + " bytes, and it has not");
        }
        int pages = log.getInt(at(committed - 1) + 4);
        var result = Arrays.copyOf(file, Math.multiplyExact(pages, pageSize));
        for (int i = 0; i < committed; i++) {
            if (page(i) <= pages) {
                log.get(at(i) + FRAME_HEADER, result, (page(i) - 1) * pageSize, pageSize);
            }
        }
        return result;
    }

    /// Whether a commit that was acknowledged cannot be read any more. What is torn at the end was never acknowledged:
    /// a
    /// transaction begins when the one before it is on the disk. So two transactions behind the last whole one show
    /// that the first of them was. The pages of a transaction ascend, and all of ours change the page of table
    /// `sealed`: a page that does not ascend begins another, also where the mark of a commit is what is damaged.
    boolean isDamaged() {
        boolean ended = false;
        int page = 0;
        for (int i = committed; i < frames; i++) {
            if (isOfThisLog(i)) {
                if (ended || Integer.compareUnsigned(page(i), page) <= 0) {
                    return true;
                }
                ended = endsCommit(i);
                page = page(i);
            }
        }
        return !headerIsWhole;
    }

    /// Others are left of an earlier log, or never reached the disk. Both salts are new when a log begins anew; one
    /// that
    /// is right tells a damaged frame.
    private boolean isOfThisLog(int frame) {
        int at = at(frame);
        return log.getInt(at + 8) == log.getInt(16) || log.getInt(at + 12) == log.getInt(20);
    }
}
