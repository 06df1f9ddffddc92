package dev.weft.netlink;

import static java.util.Objects.requireNonNull;

import dev.weft.inet.AddressText;
import dev.weft.inet.Subnet;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// A way to a subnet. Routes over several next hops are read with the first of them.
///
/// @param destination `0.0.0.0/0` or `::/0` for the default route
/// @param gateway     null where the destination is on the link itself
/// @param index       the link; 0 where the type needs none, or lets the kernel find the one that reaches the gateway
/// @param source      which of the host's addresses to send from; null leaves it to the kernel
/// @param metric      the lowest wins; 0 is the kernel's default, which for IPv6 reads back as 1024
/// @param table       [#MAIN_TABLE] unless the host has routing rules of its own
/// @param onLink      whether the gateway counts as reachable on the link although no route leads to it
public record Route(
        Subnet destination,
        Type type,
        @Nullable InetAddress gateway,
        int index,
        @Nullable InetAddress source,
        int metric,
        int table,
        Protocol protocol,
        boolean onLink) {
    /// RT_TABLE_MAIN, linux/rtnetlink.h.
    public static final int MAIN_TABLE = 254;

    // linux/rtnetlink.h; struct rtmsg has 12 bytes
    private static final int HEADER = 12;
    private static final int RTA_DST = 1;
    private static final int RTA_OIF = 4;
    private static final int RTA_GATEWAY = 5;
    private static final int RTA_PRIORITY = 6;
    private static final int RTA_PREFSRC = 7;
    private static final int RTA_MULTIPATH = 9;
    private static final int RTA_TABLE = 15;
    private static final int RT_SCOPE_UNIVERSE = 0;
    private static final int RT_SCOPE_LINK = 253;
    private static final int RT_SCOPE_HOST = 254;
    private static final int RT_SCOPE_NOWHERE = 255;
    private static final int RTNH_F_ONLINK = 4;
    private static final int RTM_F_CLONED = 0x200;
    /// sizeof(struct rtnexthop), and where its interface index stands
    private static final int NEXT_HOP = 8;

    private static final int NEXT_HOP_INDEX = 4;

    /// What becomes of a packet. Values: RTN_*, linux/rtnetlink.h.
    public enum Type {
        UNICAST(1),
        LOCAL(2),
        BROADCAST(3),
        ANYCAST(4),
        MULTICAST(5),
        BLACKHOLE(6),
        UNREACHABLE(7),
        PROHIBIT(8),
        THROW(9);

        private final int value;

        Type(int value) {
            this.value = value;
        }

        private static @Nullable Type of(int value) {
            for (var type : values()) {
                if (type.value == value) {
                    return type;
                }
            }
            return null;
        }
    }

    /// Who made a route; just a note for people and programs.
    ///
    /// @param value RTPROT_*, linux/rtnetlink.h
    public record Protocol(int value) {
        public static final Protocol KERNEL = new Protocol(2);
        public static final Protocol BOOT = new Protocol(3);
        public static final Protocol STATIC = new Protocol(4);

        public Protocol {
            if (value < 0 || value > 0xff) {
                throw new IllegalArgumentException("routing protocol " + value + " is not between 0 and 255");
            }
        }
    }

    public Route {
        requireNonNull(destination, "destination");
        requireNonNull(type, "type");
        requireNonNull(protocol, "protocol");
    }

    /// To what is on the link itself.
    public static Route direct(Subnet destination, int index) {
        return new Route(destination, Type.UNICAST, null, index, null, 0, MAIN_TABLE, Protocol.STATIC, false);
    }

    public static Route via(InetAddress gateway, Subnet destination, int index) {
        return direct(destination, index).gateway(gateway);
    }

    /// One that answers as the type says instead of forwarding, [Type#BLACKHOLE] for example.
    public static Route refusing(Type type, Subnet destination) {
        return new Route(destination, type, null, 0, null, 0, MAIN_TABLE, Protocol.STATIC, false);
    }

    public Route gateway(InetAddress router) {
        return new Route(destination, type, router, index, source, metric, table, protocol, onLink);
    }

    public Route source(InetAddress own) {
        return new Route(destination, type, gateway, index, own, metric, table, protocol, onLink);
    }

    public Route metric(int value) {
        return new Route(destination, type, gateway, index, source, value, table, protocol, onLink);
    }

    public Route table(int number) {
        return new Route(destination, type, gateway, index, source, metric, number, protocol, onLink);
    }

    public Route protocol(Protocol origin) {
        return new Route(destination, type, gateway, index, source, metric, table, origin, onLink);
    }

    public Route reachableOnLink() {
        return new Route(destination, type, gateway, index, source, metric, table, protocol, true);
    }

    void encode(MessageWriter out) {
        encode(out, scope());
    }

    /// For deletion any scope will do.
    void encodeForDeletion(MessageWriter out) {
        encode(out, RT_SCOPE_NOWHERE);
    }

    private void encode(MessageWriter out, int scope) {
        out.u8(Address.family(destination.address()))
                .u8(destination.prefixLength())
                .u8(0)
                .u8(0);
        out.u8(table < 256 ? table : 0).u8(protocol.value).u8(scope).u8(type.value);
        out.u32(onLink ? RTNH_F_ONLINK : 0);
        out.attribute(RTA_DST, destination.address());
        if (gateway != null) {
            out.attribute(RTA_GATEWAY, gateway);
        }
        if (index != 0) {
            out.attributeU32(RTA_OIF, index);
        }
        if (source != null) {
            out.attribute(RTA_PREFSRC, source);
        }
        if (metric != 0) {
            out.attributeU32(RTA_PRIORITY, metric);
        }
        if (table >= 256) {
            out.attributeU32(RTA_TABLE, table);
        }
    }

    /// Only IPv4 looks at it.
    private int scope() {
        return switch (type) {
            case LOCAL -> RT_SCOPE_HOST;
            case UNICAST, BROADCAST, MULTICAST, ANYCAST ->
                gateway == null && destination.isIpv4() ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
            case BLACKHOLE, UNREACHABLE, PROHIBIT, THROW -> RT_SCOPE_UNIVERSE;
        };
    }

    static void encodeQuery(MessageWriter out, int family) {
        out.u32(family).u32(0).u32(0);
    }

    /// @param body struct rtmsg and its attributes
    /// @return null for an entry of the kernel's cache of past look-ups, and for types newer than this code
    static @Nullable Route decode(ByteBuffer body) {
        if (body.remaining() < HEADER) {
            throw new MalformedMessageException("a route's description of " + body.remaining() + " bytes");
        }
        boolean ipv4 = Byte.toUnsignedInt(body.get(0)) == Kernel.AF_INET;
        int prefixLength = Byte.toUnsignedInt(body.get(1));
        int table = Byte.toUnsignedInt(body.get(4));
        int protocol = Byte.toUnsignedInt(body.get(5));
        var type = Type.of(Byte.toUnsignedInt(body.get(7)));
        int flags = body.getInt(8);
        if ((flags & RTM_F_CLONED) != 0 || type == null) {
            return null;
        }
        InetAddress destination = null;
        InetAddress gateway = null;
        InetAddress source = null;
        int index = 0;
        int metric = 0;
        var attributes = new Attributes(body.slice(HEADER, body.remaining() - HEADER));
        while (attributes.next()) {
            switch (attributes.type()) {
                case RTA_DST -> destination = attributes.inetAddress();
                case RTA_GATEWAY -> gateway = attributes.inetAddress();
                case RTA_OIF -> index = attributes.u32();
                case RTA_PREFSRC -> source = attributes.inetAddress();
                case RTA_PRIORITY -> metric = attributes.u32();
                case RTA_TABLE -> table = attributes.u32();
                case RTA_MULTIPATH -> {
                    byte[] hops = attributes.bytes();
                    index = firstHopIndex(hops);
                    gateway = firstHopGateway(hops);
                }
                default -> {}
            }
        }
        return new Route(
                subnet(destination, ipv4, prefixLength),
                type,
                gateway,
                index,
                source,
                metric,
                table,
                new Protocol(protocol),
                (flags & RTNH_F_ONLINK) != 0);
    }

    private static int firstHopIndex(byte[] hops) {
        if (hops.length < NEXT_HOP) {
            throw new MalformedMessageException("next hops in " + hops.length + " bytes");
        }
        return ByteBuffer.wrap(hops).order(ByteOrder.nativeOrder()).getInt(NEXT_HOP_INDEX);
    }

    private static @Nullable InetAddress firstHopGateway(byte[] hops) {
        var buffer = ByteBuffer.wrap(hops).order(ByteOrder.nativeOrder());
        int length = Short.toUnsignedInt(buffer.getShort(0));
        if (length < NEXT_HOP || length > hops.length) {
            throw new MalformedMessageException("a next hop of " + length + " bytes in " + hops.length);
        }
        var attributes = new Attributes(buffer.slice(NEXT_HOP, length - NEXT_HOP));
        while (attributes.next()) {
            if (attributes.type() == RTA_GATEWAY) {
                return attributes.inetAddress();
            }
        }
        return null;
    }

    private static Subnet subnet(@Nullable InetAddress destination, boolean ipv4, int prefixLength) {
        try {
            var address = destination != null ? destination : InetAddress.getByAddress(new byte[ipv4 ? 4 : 16]);
            return new Subnet(address, prefixLength);
        } catch (UnknownHostException | IllegalArgumentException inconsistent) {
            throw new MalformedMessageException("a route: " + inconsistent.getMessage());
        }
    }

    @Override
    public String toString() {
        var text = new StringBuilder(type == Type.UNICAST ? "" : type + " ").append(destination);
        if (gateway != null) {
            text.append(" via ").append(AddressText.of(gateway));
        }
        if (index != 0) {
            text.append(" on link ").append(index);
        }
        return table == MAIN_TABLE
                ? text.toString()
                : text.append(" in table ").append(table).toString();
    }
}
