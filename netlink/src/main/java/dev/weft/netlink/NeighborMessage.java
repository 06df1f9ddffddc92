package dev.weft.netlink;

import java.nio.ByteBuffer;

/// What neighbors and FDB entries have in common: struct ndmsg and the numbers of its attributes (linux/neighbour.h).
final class NeighborMessage {
    /// sizeof(struct ndmsg)
    static final int HEADER = 12;

    static final int NDA_DST = 1;
    static final int NDA_LLADDR = 2;
    static final int NDA_VLAN = 5;
    static final int NDA_MASTER = 9;

    static final int NTF_SELF = 1 << 1;
    static final int NTF_MASTER = 1 << 2;
    static final int NTF_EXT_LEARNED = 1 << 4;
    static final int NTF_STICKY = 1 << 6;

    static final int NUD_INCOMPLETE = 0x01;
    static final int NUD_REACHABLE = 0x02;
    static final int NUD_STALE = 0x04;
    static final int NUD_DELAY = 0x08;
    static final int NUD_PROBE = 0x10;
    static final int NUD_FAILED = 0x20;
    static final int NUD_NOARP = 0x40;
    static final int NUD_PERMANENT = 0x80;

    private NeighborMessage() {}

    static void header(MessageWriter out, int family, int index, int state, int flags) {
        out.u8(family).u8(0).u16(0).u32(index).u16(state).u8(flags).u8(0);
    }

    static void encodeQuery(MessageWriter out, int family) {
        header(out, family, 0, 0, 0);
    }

    static void checkHeader(ByteBuffer body) {
        if (body.remaining() < HEADER) {
            throw new MalformedMessageException("a neighbor's description of " + body.remaining() + " bytes");
        }
    }

    static int index(ByteBuffer body) {
        return body.getInt(4);
    }

    static int state(ByteBuffer body) {
        return Short.toUnsignedInt(body.getShort(8));
    }

    static int flags(ByteBuffer body) {
        return Byte.toUnsignedInt(body.get(10));
    }

    static Attributes attributes(ByteBuffer body) {
        return new Attributes(body.slice(HEADER, body.remaining() - HEADER));
    }
}
