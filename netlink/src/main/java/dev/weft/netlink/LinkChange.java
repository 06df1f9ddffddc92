package dev.weft.netlink;

import dev.weft.inet.MacAddress;
import org.jspecify.annotations.Nullable;

/// What shall be different about a link; null leaves a property as it is.
///
/// The kernel makes the changes one after the other, the move first; when one fails, the earlier ones stay.
///
/// @param mtu       bytes
/// @param master    index of a bridge, 0 for none
/// @param alias     free text, empty to remove it
/// @param namespace where it moves; there it is down, and without addresses and master
public record LinkChange(
        @Nullable Integer mtu,
        @Nullable MacAddress address,
        @Nullable Integer master,
        @Nullable Boolean isUp,
        @Nullable String alias,
        @Nullable String name,
        @Nullable NetworkNamespace namespace) {
    public LinkChange {
        if (name != null) {
            LinkName.check(name);
        }
        if (alias != null) {
            LinkMessage.checkAlias(alias);
        }
    }

    public static LinkChange none() {
        return new LinkChange(null, null, null, null, null, null, null);
    }

    public LinkChange mtu(int bytes) {
        return new LinkChange(bytes, address, master, isUp, alias, name, namespace);
    }

    public LinkChange address(MacAddress own) {
        return new LinkChange(mtu, own, master, isUp, alias, name, namespace);
    }

    public LinkChange master(int index) {
        return new LinkChange(mtu, address, index, isUp, alias, name, namespace);
    }

    public LinkChange withoutMaster() {
        return master(0);
    }

    public LinkChange up() {
        return new LinkChange(mtu, address, master, true, alias, name, namespace);
    }

    public LinkChange down() {
        return new LinkChange(mtu, address, master, false, alias, name, namespace);
    }

    public LinkChange alias(String text) {
        return new LinkChange(mtu, address, master, isUp, text, name, namespace);
    }

    /// The kernel refuses to rename some kinds of link while they are up (EBUSY).
    public LinkChange name(String other) {
        return new LinkChange(mtu, address, master, isUp, alias, other, namespace);
    }

    public LinkChange namespace(NetworkNamespace destination) {
        return new LinkChange(mtu, address, master, isUp, alias, name, destination);
    }

    void encode(int index, MessageWriter out) {
        boolean up = isUp != null && isUp;
        LinkMessage.header(
                out, Kernel.AF_UNSPEC, index, up ? LinkMessage.IFF_UP : 0, isUp != null ? LinkMessage.IFF_UP : 0);
        if (name != null) {
            out.attributeZeroTerminated(LinkMessage.IFLA_IFNAME, name);
        }
        if (mtu != null) {
            out.attributeU32(LinkMessage.IFLA_MTU, mtu);
        }
        if (address != null) {
            out.attribute(LinkMessage.IFLA_ADDRESS, address.toBytes());
        }
        if (master != null) {
            out.attributeU32(LinkMessage.IFLA_MASTER, master);
        }
        if (alias != null) {
            out.attribute(LinkMessage.IFLA_IFALIAS, alias);
        }
        if (namespace != null) {
            out.attributeU32(LinkMessage.IFLA_NET_NS_FD, namespace.descriptor());
        }
    }
}
