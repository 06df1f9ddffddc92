package dev.weft.netlink;

import org.jspecify.annotations.Nullable;

/// The attribute IFLA_LINKINFO, in which a link's kind travels (linux/if_link.h).
final class LinkInfo {
    static final int IFLA_INFO_KIND = 1;
    static final int IFLA_INFO_DATA = 2;

    private LinkInfo() {}

    static void encode(LinkKind kind, MessageWriter out) {
        out.attribute(IFLA_INFO_KIND, kind.kindName());
        int data = out.begin(IFLA_INFO_DATA);
        switch (kind) {
            case Bridge bridge -> bridge.encode(out);
            case Ipvlan ipvlan -> ipvlan.encode(out);
            case Macvlan macvlan -> macvlan.encode(out);
            case Veth veth -> veth.encode(out);
            case Vlan vlan -> vlan.encode(out);
            case Vxlan vxlan -> vxlan.encode(out);
            case Dummy _, Ifb _, LinkKind.Other _ -> {}
        }
        out.endUnlessEmpty(data);
    }

    static LinkKind decode(Attributes info) {
        String kindName = "";
        Attributes data = null;
        while (info.next()) {
            switch (info.type()) {
                case IFLA_INFO_KIND -> kindName = info.text();
                case IFLA_INFO_DATA -> data = info.nested();
                default -> {}
            }
        }
        return decode(kindName, data);
    }

    private static LinkKind decode(String kindName, @Nullable Attributes data) {
        if (kindName.equals("veth")) {
            return new Veth(null);
        }
        if (kindName.equals("ifb")) {
            return new Ifb();
        }
        if (kindName.equals("dummy")) {
            return new Dummy();
        }
        if (data == null) {
            return new LinkKind.Other(kindName);
        }
        return switch (kindName) {
            case "bridge" -> Bridge.decode(data);
            case "ipvlan" -> Ipvlan.decode(data);
            case "macvlan" -> Macvlan.decode(data);
            case "vlan" -> Vlan.decode(data);
            case "vxlan" -> Vxlan.decode(data);
            default -> new LinkKind.Other(kindName);
        };
    }
}
