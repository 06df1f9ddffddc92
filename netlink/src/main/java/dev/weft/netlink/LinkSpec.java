package dev.weft.netlink;

import static java.util.Objects.requireNonNull;

import dev.weft.inet.MacAddress;
import org.jspecify.annotations.Nullable;

/// A link to be made.
///
/// @param mtu       bytes; 0 leaves it to the kernel
/// @param address   null lets the kernel draw one
/// @param master    index of the bridge it becomes a port of, in the namespace where the link is born; 0 for none
/// @param parent    index of the link that a macvlan, ipvlan or VLAN link stands on; 0 for none
/// @param alias     free text that stays with the link; empty for none
/// @param namespace where it is born; null for the connection's. It must stay open until the link is made.
public record LinkSpec(
        String name,
        LinkKind kind,
        int mtu,
        @Nullable MacAddress address,
        int master,
        int parent,
        boolean isUp,
        String alias,
        @Nullable NetworkNamespace namespace) {
    public LinkSpec {
        LinkName.check(name);
        requireNonNull(kind, "kind");
        requireNonNull(alias, "alias");
        if (mtu < 0) {
            throw new IllegalArgumentException("link " + name + ": an MTU of " + mtu);
        }
        LinkMessage.checkAlias(alias);
    }

    public static LinkSpec of(String name, LinkKind kind) {
        return new LinkSpec(name, kind, 0, null, 0, 0, false, "", null);
    }

    /// The end of a cable that [Veth#peer] describes.
    public static LinkSpec peer(String name) {
        return of(name, new Veth(null));
    }

    public LinkSpec mtu(int bytes) {
        return new LinkSpec(name, kind, bytes, address, master, parent, isUp, alias, namespace);
    }

    public LinkSpec address(MacAddress own) {
        return new LinkSpec(name, kind, mtu, own, master, parent, isUp, alias, namespace);
    }

    public LinkSpec master(int index) {
        return new LinkSpec(name, kind, mtu, address, index, parent, isUp, alias, namespace);
    }

    public LinkSpec parent(int index) {
        return new LinkSpec(name, kind, mtu, address, master, index, isUp, alias, namespace);
    }

    public LinkSpec up() {
        return new LinkSpec(name, kind, mtu, address, master, parent, true, alias, namespace);
    }

    public LinkSpec alias(String text) {
        return new LinkSpec(name, kind, mtu, address, master, parent, isUp, text, namespace);
    }

    public LinkSpec namespace(NetworkNamespace birthplace) {
        return new LinkSpec(name, kind, mtu, address, master, parent, isUp, alias, birthplace);
    }

    /// Everything but the alias, which the kernel ignores at creation.
    void encode(MessageWriter out) {
        encodeWithoutKind(out, isUp);
        int info = out.begin(LinkMessage.IFLA_LINKINFO);
        LinkInfo.encode(kind, out);
        out.end(info);
    }

    void encodeWithoutKind(MessageWriter out, boolean bornUp) {
        int up = bornUp ? LinkMessage.IFF_UP : 0;
        LinkMessage.header(out, Kernel.AF_UNSPEC, 0, up, up);
        out.attributeZeroTerminated(LinkMessage.IFLA_IFNAME, name);
        if (mtu != 0) {
            out.attributeU32(LinkMessage.IFLA_MTU, mtu);
        }
        if (address != null) {
            out.attribute(LinkMessage.IFLA_ADDRESS, address.toBytes());
        }
        if (parent != 0) {
            out.attributeU32(LinkMessage.IFLA_LINK, parent);
        }
        if (master != 0) {
            out.attributeU32(LinkMessage.IFLA_MASTER, master);
        }
        if (namespace != null) {
            out.attributeU32(LinkMessage.IFLA_NET_NS_FD, namespace.descriptor());
        }
    }
}
