package dev.weft.netlink;

import dev.weft.inet.MacAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A link as it was when it was read.
///
/// @param index           names it within its namespace until it is deleted; from 1
/// @param mtu             bytes
/// @param address         null where a link has none of six bytes, such as a tunnel
/// @param up              whether it is switched on
/// @param carrier         whether it could carry frames: it is up and so is what it needs, a veth's other end for
/// instance
/// @param master          index of the bridge it is a port of, 0 for none
/// @param peerIndex       index of a veth's other end, or of the parent of a macvlan, ipvlan or VLAN link; 0 for none.
///                        It counts in the namespace of that link, see `peerNamespaceId`
/// @param peerNamespaceId the kernel's number for the namespace of `peerIndex`, seen from this one; -1 if it is this
/// one
/// @param alias           empty for none
public record Link(
        int index,
        String name,
        LinkKind kind,
        int mtu,
        @Nullable MacAddress address,
        boolean up,
        boolean carrier,
        int master,
        int peerIndex,
        int peerNamespaceId,
        String alias) {
    /// @param body struct ifinfomsg and its attributes
    static Link decode(ByteBuffer body) {
        if (body.remaining() < LinkMessage.HEADER) {
            throw new MalformedMessageException("a link's description of " + body.remaining() + " bytes");
        }
        int index = body.getInt(4);
        int flags = body.getInt(8);
        String name = "";
        LinkKind kind = new LinkKind.Other("");
        int mtu = 0;
        MacAddress address = null;
        int master = 0;
        int peerIndex = 0;
        int peerNamespaceId = -1;
        String alias = "";
        var attributes = new Attributes(body.slice(LinkMessage.HEADER, body.remaining() - LinkMessage.HEADER));
        while (attributes.next()) {
            switch (attributes.type()) {
                case LinkMessage.IFLA_IFNAME -> name = attributes.text();
                case LinkMessage.IFLA_LINKINFO -> kind = LinkInfo.decode(attributes.nested());
                case LinkMessage.IFLA_MTU -> mtu = attributes.u32();
                case LinkMessage.IFLA_ADDRESS -> address = attributes.macAddress();
                case LinkMessage.IFLA_MASTER -> master = attributes.u32();
                case LinkMessage.IFLA_LINK -> peerIndex = attributes.u32();
                case LinkMessage.IFLA_LINK_NETNSID -> peerNamespaceId = attributes.u32();
                case LinkMessage.IFLA_IFALIAS -> alias = attributes.text();
                default -> {}
            }
        }
        boolean up = (flags & LinkMessage.IFF_UP) != 0;
        boolean carrier = (flags & LinkMessage.IFF_LOWER_UP) != 0;
        return new Link(index, name, kind, mtu, address, up, carrier, master, peerIndex, peerNamespaceId, alias);
    }
}
