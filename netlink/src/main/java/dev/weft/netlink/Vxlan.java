package dev.weft.netlink;

import static java.util.Objects.requireNonNull;

import dev.weft.inet.AddressText;
import dev.weft.inet.Vni;
import java.net.Inet4Address;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/// A tunnel of Ethernet frames over UDP (RFC 7348). Its UDP socket stays in the namespace where it was created, also
/// when the link is moved.
///
/// @param local    source address of the packets; null lets the route decide
/// @param remote   where frames go for which there is no FDB entry: a host, or a multicast group; null for none
/// @param link     index of the link that carries the packets; 0 lets the route decide
/// @param port     UDP destination port; default 4789
/// @param learning whether senders' addresses go into the FDB by themselves; default true
/// @param ttl      of the packets, 1 to 255; 0 leaves it to the kernel
public record Vxlan(
        Vni vni,
        @Nullable InetAddress local,
        @Nullable InetAddress remote,
        int link,
        int port,
        boolean learning,
        int ttl)
        implements LinkKind {
    /// IANA's; the kernel's own default is 8472, from before there was one.
    public static final int DEFAULT_PORT = 4789;

    // linux/if_link.h
    private static final int IFLA_VXLAN_ID = 1;
    private static final int IFLA_VXLAN_GROUP = 2;
    private static final int IFLA_VXLAN_LINK = 3;
    private static final int IFLA_VXLAN_LOCAL = 4;
    private static final int IFLA_VXLAN_TTL = 5;
    private static final int IFLA_VXLAN_LEARNING = 7;
    private static final int IFLA_VXLAN_PORT = 15;
    private static final int IFLA_VXLAN_GROUP6 = 16;
    private static final int IFLA_VXLAN_LOCAL6 = 17;

    public Vxlan {
        requireNonNull(vni, "vni");
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("VXLAN port " + port + " is not between 0 and 65535");
        }
        if (ttl < 0 || ttl > 0xff) {
            throw new IllegalArgumentException("VXLAN TTL " + ttl + " is not between 0 and 255");
        }
        if (local != null && remote != null && mixed(local, remote)) {
            throw new IllegalArgumentException("VXLAN " + vni + ": local address " + AddressText.of(local)
                    + " and remote address " + AddressText.of(remote) + " are of different IP versions");
        }
    }

    public static Vxlan of(Vni vni) {
        return new Vxlan(vni, null, null, 0, DEFAULT_PORT, true, 0);
    }

    public Vxlan local(InetAddress address) {
        return new Vxlan(vni, address, remote, link, port, learning, ttl);
    }

    public Vxlan remote(InetAddress address) {
        return new Vxlan(vni, local, address, link, port, learning, ttl);
    }

    public Vxlan link(int index) {
        return new Vxlan(vni, local, remote, index, port, learning, ttl);
    }

    public Vxlan port(int number) {
        return new Vxlan(vni, local, remote, link, number, learning, ttl);
    }

    public Vxlan learning(boolean on) {
        return new Vxlan(vni, local, remote, link, port, on, ttl);
    }

    public Vxlan ttl(int hops) {
        return new Vxlan(vni, local, remote, link, port, learning, hops);
    }

    @Override
    public String kindName() {
        return "vxlan";
    }

    void encode(MessageWriter out) {
        out.attributeU32(IFLA_VXLAN_ID, vni.value());
        if (remote != null) {
            out.attribute(isIpv4(remote) ? IFLA_VXLAN_GROUP : IFLA_VXLAN_GROUP6, remote);
        }
        if (local != null) {
            out.attribute(isIpv4(local) ? IFLA_VXLAN_LOCAL : IFLA_VXLAN_LOCAL6, local);
        }
        if (link != 0) {
            out.attributeU32(IFLA_VXLAN_LINK, link);
        }
        if (ttl != 0) {
            out.attributeU8(IFLA_VXLAN_TTL, ttl);
        }
        out.attributeU8(IFLA_VXLAN_LEARNING, learning);
        out.attributeBigEndianU16(IFLA_VXLAN_PORT, port);
    }

    /// A link without a VNI of its own (`external`: each packet brings one) is read as [LinkKind.Other].
    static LinkKind decode(Attributes data) {
        int vni = 0;
        InetAddress local = null;
        InetAddress remote = null;
        int link = 0;
        int port = 0;
        boolean learning = false;
        int ttl = 0;
        while (data.next()) {
            switch (data.type()) {
                case IFLA_VXLAN_ID -> vni = data.u32();
                case IFLA_VXLAN_GROUP, IFLA_VXLAN_GROUP6 -> remote = data.inetAddress();
                case IFLA_VXLAN_LOCAL, IFLA_VXLAN_LOCAL6 -> local = data.inetAddress();
                case IFLA_VXLAN_LINK -> link = data.u32();
                case IFLA_VXLAN_TTL -> ttl = data.u8();
                case IFLA_VXLAN_LEARNING -> learning = data.flag();
                case IFLA_VXLAN_PORT -> port = data.bigEndianU16();
                default -> {}
            }
        }
        if (vni < 1 || vni >= 1 << 24 || mixed(local, remote)) {
            return new Other("vxlan");
        }
        return new Vxlan(new Vni(vni), local, remote, link, port, learning, ttl);
    }

    private static boolean mixed(@Nullable InetAddress one, @Nullable InetAddress other) {
        return one != null && other != null && isIpv4(one) != isIpv4(other);
    }

    private static boolean isIpv4(InetAddress address) {
        return address instanceof Inet4Address;
    }
}
