package dev.weft.netlink;

/// The frames of one IEEE 802.1Q VLAN on a parent ([LinkSpec#parent]).
///
/// @param id 1 to 4094
public record Vlan(int id) implements LinkKind {
    private static final int IFLA_VLAN_ID = 1; // linux/if_link.h

    public Vlan {
        if (id < 1 || id > 4094) {
            throw new IllegalArgumentException("VLAN " + id + " is not between 1 and 4094");
        }
    }

    @Override
    public String kindName() {
        return "vlan";
    }

    void encode(MessageWriter out) {
        out.attributeU16(IFLA_VLAN_ID, id);
    }

    static LinkKind decode(Attributes data) {
        int id = 0;
        while (data.next()) {
            if (data.type() == IFLA_VLAN_ID) {
                id = data.u16();
            }
        }
        return id < 1 || id > 4094 ? new Other("vlan") : new Vlan(id);
    }
}
