package dev.weft.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Walks over the messages of a datagram (struct nlmsghdr, linux/netlink.h), one at a time, checking bounds.
final class Messages {
    private static final int HEADER = 16;
    private static final int ERROR_CODE = 4;

    private final ByteBuffer datagram;
    private int start;
    private int length;
    private int following;

    Messages(ByteBuffer datagram) {
        this.datagram = datagram.slice().order(ByteOrder.nativeOrder());
    }

    boolean next() {
        int left = datagram.limit() - following;
        if (left < HEADER) {
            return false;
        }
        int total = datagram.getInt(following);
        if (total < HEADER || total > left) {
            throw new MalformedMessageException("a message of " + total + " bytes where " + left + " are left");
        }
        start = following;
        length = total;
        following = Math.min((following + total + 3) & ~3, datagram.limit());
        return true;
    }

    int type() {
        return Short.toUnsignedInt(datagram.getShort(start + 4));
    }

    int flags() {
        return Short.toUnsignedInt(datagram.getShort(start + 6));
    }

    int sequence() {
        return datagram.getInt(start + 8);
    }

    /// What is behind the header, in the machine's byte order.
    ByteBuffer body() {
        return datagram.slice(start + HEADER, length - HEADER).order(ByteOrder.nativeOrder());
    }

    /// The first byte of what is behind the header: the address family, in all messages of rtnetlink.
    int family() {
        return length > HEADER ? Byte.toUnsignedInt(datagram.get(start + HEADER)) : Kernel.AF_UNSPEC;
    }

    /// Of NLMSG_ERROR and NLMSG_DONE: 0 for an acknowledgement.
    int errno() {
        if (length < HEADER + ERROR_CODE) {
            return 0; // NLMSG_DONE of old kernels carries nothing
        }
        return -datagram.getInt(start + HEADER);
    }

    /// Of NLMSG_ERROR and NLMSG_DONE: what the kernel says in words, or empty (struct nlmsgerr, linux/netlink.h).
    String kernelText() {
        if ((flags() & Kernel.NLM_F_ACK_TLVS) == 0) {
            return "";
        }
        int skipped = HEADER + ERROR_CODE;
        if (type() == Kernel.NLMSG_ERROR) {
            // The request follows: its header only, if "capped".
            skipped += (flags() & Kernel.NLM_F_CAPPED) != 0 ? HEADER : requestLength();
        }
        if (skipped > length) {
            return "";
        }
        var attributes = new Attributes(datagram.slice(start + skipped, length - skipped));
        while (attributes.next()) {
            if (attributes.type() == Kernel.NLMSGERR_ATTR_MSG) {
                return attributes.text();
            }
        }
        return "";
    }

    private int requestLength() {
        if (length < HEADER + ERROR_CODE + HEADER) {
            return length;
        }
        int request = datagram.getInt(start + HEADER + ERROR_CODE);
        return request < 0 || request > length ? length : (request + 3) & ~3;
    }
}
