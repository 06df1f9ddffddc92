package dev.weft.netlink;

import java.nio.ByteBuffer;

/// Sends no more than a rate, and lets what comes faster wait (tc-tbf(8), net/sched/sch_tbf.c).
///
/// @param bitsPerSecond from 8 on, Ethernet headers included; rounded down to a multiple of 8, as the kernel counts in
///                      bytes
/// @param burst         bytes that are sent at once after a pause. A longer frame is dropped, so from the link's MTU
///                      and 14 on; at most what the rate needs 274 s for
/// @param limit         bytes that may wait, from 1 on; what comes then is dropped
public record TokenBucket(long bitsPerSecond, int burst, int limit) implements QdiscKind {
    // linux/pkt_sched.h; struct tc_tbf_qopt is two of struct tc_ratespec, limit, buffer, mtu
    private static final int TCA_TBF_PARMS = 1;
    private static final int TCA_TBF_RTAB = 2;
    private static final int TCA_TBF_RATE64 = 4;
    private static final int TCA_TBF_BURST = 6;
    private static final int PARAMETERS = 36;
    private static final int OVERHEAD_OFFSET = 2;
    private static final int MPU_OFFSET = 6;
    private static final int RATE_OFFSET = 8;
    private static final int PEAK_RATE_OFFSET = 20;
    private static final int LIMIT_OFFSET = 24;
    private static final int BUFFER_OFFSET = 28;
    private static final int TC_LINKLAYER_ETHERNET = 1;

    /// In which the kernel tells times about qdiscs (PSCHED_SHIFT, net/pkt_sched.h).
    private static final int TICK_NANOS = 64;

    /// An entry of the rate table for each 8 bytes of a frame's length. Kernels up to 3.10 want the table.
    private static final int CELL_LOG = 3;

    private static final int TABLE_ENTRIES = 256;

    private static final long LARGEST_U32 = 0xffff_ffffL;
    private static final double NANOS = 1e9;

    public TokenBucket {
        if (bitsPerSecond < Byte.SIZE || burst < 1 || limit < 1) {
            throw new IllegalArgumentException("a rate limit of " + bitsPerSecond + " bit/s with a burst of " + burst
                    + " bytes and a queue of " + limit + " bytes: 8 bit/s, 1 byte and 1 byte are the least");
        }
        bitsPerSecond -= bitsPerSecond % Byte.SIZE;
        long bytesPerSecond = bitsPerSecond / Byte.SIZE;
        if (burst * NANOS / bytesPerSecond / TICK_NANOS > LARGEST_U32) {
            throw new IllegalArgumentException("a rate limit of " + bitsPerSecond + " bit/s with a burst of " + burst
                    + " bytes: that much takes longer than 274 s, which is the most");
        }
    }

    @Override
    public String kindName() {
        return "tbf";
    }

    /// Whether the kernel has what is asked for here when it tells of `read`. It gives the burst as a time in steps of
    /// 64 ns, so that a fast one reads back with a few bytes more or less.
    public boolean agreesWith(TokenBucket read) {
        double step = bytesPerSecond() / NANOS * TICK_NANOS;
        return bitsPerSecond == read.bitsPerSecond
                && limit == read.limit
                && Math.abs((double) burst - read.burst) <= 1 + 2 * step;
    }

    private long bytesPerSecond() {
        return bitsPerSecond / Byte.SIZE;
    }

    /// As tc(8) does it: rates of 2^32 bytes per second and more go into an attribute of their own, and the burst goes
    /// as bytes too, which newer kernels prefer to the time.
    void encode(MessageWriter out) {
        long rate = Math.min(bytesPerSecond(), LARGEST_U32);
        int parameters = out.begin(TCA_TBF_PARMS);
        out.u8(CELL_LOG).u8(TC_LINKLAYER_ETHERNET).u16(0).u16(-1).u16(0).u32((int) rate);
        out.u32(0).u32(0).u32(0);
        out.u32(limit).u32(ticks(burst, rate)).u32(0);
        out.end(parameters);
        out.attributeU32(TCA_TBF_BURST, burst);
        if (bytesPerSecond() > LARGEST_U32) {
            out.attributeU64(TCA_TBF_RATE64, bytesPerSecond());
        }
        int table = out.begin(TCA_TBF_RTAB);
        for (int entry = 1; entry <= TABLE_ENTRIES; entry++) {
            out.u32(ticks(entry << CELL_LOG, rate));
        }
        out.end(table);
    }

    /// How long so many bytes take; tc(8) rounds down to microseconds first.
    private static int ticks(int bytes, long bytesPerSecond) {
        long microseconds = bytes * 1_000_000L / bytesPerSecond;
        return (int) (microseconds * 1000 / TICK_NANOS);
    }

    /// @return [QdiscKind.Other] if it has settings that are not here, such as a peak rate
    static QdiscKind decode(Attributes options) {
        ByteBuffer parameters = null;
        long wideRate = 0;
        while (options.next()) {
            switch (options.type()) {
                case TCA_TBF_PARMS -> parameters = options.structure(PARAMETERS);
                case TCA_TBF_RATE64 -> wideRate = options.u64();
                default -> {}
            }
        }
        return parameters != null && isPlain(parameters) ? decode(parameters, wideRate) : new Other("tbf");
    }

    private static boolean isPlain(ByteBuffer parameters) {
        return parameters.getInt(PEAK_RATE_OFFSET) == 0
                && parameters.getShort(OVERHEAD_OFFSET) == 0
                && parameters.getShort(MPU_OFFSET) == 0;
    }

    private static QdiscKind decode(ByteBuffer parameters, long wideRate) {
        long rate = wideRate != 0 ? wideRate : Integer.toUnsignedLong(parameters.getInt(RATE_OFFSET));
        int limit = parameters.getInt(LIMIT_OFFSET);
        double nanos = (double) Integer.toUnsignedLong(parameters.getInt(BUFFER_OFFSET)) * TICK_NANOS;
        long burst = Math.round(nanos * rate / NANOS);
        if (rate < 1 || rate > Long.MAX_VALUE / Byte.SIZE || limit < 1 || burst < 1 || burst > Integer.MAX_VALUE) {
            return new Other("tbf");
        }
        return new TokenBucket(rate * Byte.SIZE, (int) burst, limit);
    }
}
