package dev.weft.netlink;

import static java.util.Objects.requireNonNull;

import dev.weft.inet.Cidr;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/// An IP address of a link.
///
/// @param index              the link
/// @param duplicateDetection whether the kernel first asks the wire whether somebody else has it (IPv6 only; until that
///                           is over, the address is `tentative` and cannot be used)
/// @param tentative          read only; also true where duplicate detection has failed
/// @param permanent          read only; false for those with a lifetime, from router advertisements
public record Address(int index, Cidr cidr, boolean duplicateDetection, boolean tentative, boolean permanent) {
    // linux/if_addr.h; struct ifaddrmsg has 8 bytes
    private static final int HEADER = 8;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int IFA_BROADCAST = 4;
    private static final int IFA_FLAGS = 8;
    private static final int IFA_F_NODAD = 0x2;
    private static final int IFA_F_DADFAILED = 0x8;
    private static final int IFA_F_TENTATIVE = 0x40;
    private static final int IFA_F_PERMANENT = 0x80;

    /// An IPv4 network of two addresses has none for broadcast (RFC 3021).
    private static final int LONGEST_WITH_BROADCAST = 30;

    public Address {
        requireNonNull(cidr, "cidr");
    }

    public static Address of(int index, Cidr cidr) {
        return new Address(index, cidr, true, false, true);
    }

    /// Usable at once: for addresses that somebody else keeps unique.
    public Address withoutDuplicateDetection() {
        return new Address(index, cidr, false, tentative, permanent);
    }

    void encode(MessageWriter out) {
        encodeForDeletion(out);
        if (cidr.isIpv4() && cidr.prefixLength() <= LONGEST_WITH_BROADCAST) {
            out.attribute(IFA_BROADCAST, broadcast());
        }
    }

    void encodeForDeletion(MessageWriter out) {
        int flags = duplicateDetection ? 0 : IFA_F_NODAD;
        out.u8(family(cidr.address())).u8(cidr.prefixLength()).u8(flags).u8(0).u32(index);
        out.attribute(IFA_LOCAL, cidr.address()).attribute(IFA_ADDRESS, cidr.address());
    }

    /// As `ip addr add … brd +` sets it; the kernel leaves it empty.
    private byte[] broadcast() {
        int address = ByteBuffer.wrap(cidr.address().getAddress()).getInt();
        return ByteBuffer.allocate(Integer.BYTES)
                .putInt(address | -1 >>> cidr.prefixLength())
                .array();
    }

    static void encodeQuery(MessageWriter out) {
        out.u32(0).u32(0);
    }

    /// @param body struct ifaddrmsg and its attributes
    static Address decode(ByteBuffer body) {
        if (body.remaining() < HEADER) {
            throw new MalformedMessageException("an address's description of " + body.remaining() + " bytes");
        }
        int prefixLength = Byte.toUnsignedInt(body.get(1));
        int flags = Byte.toUnsignedInt(body.get(2));
        int index = body.getInt(4);
        InetAddress local = null;
        InetAddress address = null;
        var attributes = new Attributes(body.slice(HEADER, body.remaining() - HEADER));
        while (attributes.next()) {
            switch (attributes.type()) {
                case IFA_LOCAL -> local = attributes.inetAddress();
                case IFA_ADDRESS -> address = attributes.inetAddress();
                case IFA_FLAGS -> flags = attributes.u32();
                default -> {}
            }
        }
        // With IPv4, IFA_ADDRESS is the other end of a point-to-point link; with IPv6, IFA_LOCAL comes only with one.
        var own = local != null ? local : address;
        if (own == null || prefixLength > own.getAddress().length * Byte.SIZE) {
            throw new MalformedMessageException("an address of link " + index + " with a prefix of " + prefixLength);
        }
        return new Address(
                index,
                new Cidr(own, prefixLength),
                (flags & IFA_F_NODAD) == 0,
                (flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED)) != 0,
                (flags & IFA_F_PERMANENT) != 0);
    }

    static int family(InetAddress address) {
        return address.getAddress().length == 4 ? Kernel.AF_INET : Kernel.AF_INET6;
    }

    @Override
    public String toString() {
        return cidr + " on link " + index;
    }
}
