package dev.weft.netlink;

import java.nio.ByteBuffer;

/// What qdiscs and filters have in common: struct tcmsg and the numbers of its attributes (linux/rtnetlink.h).
final class TrafficMessage {
    /// sizeof(struct tcmsg)
    static final int HEADER = 20;

    static final int TCA_KIND = 1;
    static final int TCA_OPTIONS = 2;
    static final int TCA_CHAIN = 11;

    private TrafficMessage() {}

    /// @param info a filter's priority and protocol
    static void header(MessageWriter out, int index, int handle, int parent, int info) {
        out.u32(Kernel.AF_UNSPEC).u32(index).u32(handle).u32(parent).u32(info);
    }

    static void checkHeader(ByteBuffer body) {
        if (body.remaining() < HEADER) {
            throw new MalformedMessageException(
                    "a description of a qdisc or a filter of " + body.remaining() + " bytes");
        }
    }

    static int index(ByteBuffer body) {
        return body.getInt(4);
    }

    static int handle(ByteBuffer body) {
        return body.getInt(8);
    }

    static Handle parent(ByteBuffer body) {
        return new Handle(body.getInt(12));
    }

    static int info(ByteBuffer body) {
        return body.getInt(16);
    }

    static Attributes attributes(ByteBuffer body) {
        return new Attributes(body.slice(HEADER, body.remaining() - HEADER));
    }
}
