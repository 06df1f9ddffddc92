package dev.weft.netlink;

import static java.nio.charset.StandardCharsets.UTF_8;

/// What the messages about links have in common: struct ifinfomsg (linux/rtnetlink.h) and the numbers of its
/// attributes (linux/if_link.h).
final class LinkMessage {
    /// sizeof(struct ifinfomsg)
    static final int HEADER = 16;

    static final int IFLA_ADDRESS = 1;
    static final int IFLA_IFNAME = 3;
    static final int IFLA_MTU = 4;
    static final int IFLA_LINK = 5;
    static final int IFLA_MASTER = 10;
    static final int IFLA_PROTINFO = 12;
    static final int IFLA_LINKINFO = 18;
    static final int IFLA_IFALIAS = 20;
    static final int IFLA_NET_NS_FD = 28;
    static final int IFLA_EXT_MASK = 29;
    static final int IFLA_LINK_NETNSID = 37;

    /// Leaves out the statistics, two thirds of a link's description (linux/rtnetlink.h).
    static final int RTEXT_FILTER_SKIP_STATS = 1 << 3;

    // linux/if.h
    static final int IFF_UP = 1;
    static final int IFF_LOWER_UP = 1 << 16;

    /// IFALIASZ (linux/if.h), less the zero byte.
    private static final int LONGEST_ALIAS = 255;

    private LinkMessage() {}

    /// @param change which of the flags count
    static void header(MessageWriter out, int family, int index, int flags, int change) {
        out.u8(family).u8(0).u16(0).u32(index).u32(flags).u32(change);
    }

    static void encodeQuery(MessageWriter out) {
        header(out, Kernel.AF_UNSPEC, 0, 0, 0);
        encodeWithoutStatistics(out);
    }

    static void encodeWithoutStatistics(MessageWriter out) {
        out.attributeU32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
    }

    static String checkAlias(String alias) {
        int length = alias.getBytes(UTF_8).length;
        if (length > LONGEST_ALIAS) {
            throw new IllegalArgumentException("a link's alias of " + length + " bytes; 255 are possible");
        }
        return alias;
    }
}
