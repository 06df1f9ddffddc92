package dev.weft.netlink;

import static java.util.Objects.requireNonNull;

/// A link that shares the MAC address of its parent ([LinkSpec#parent]) and is told apart by IP address. The mode
/// belongs to the parent: all links on it have the same.
public record Ipvlan(Mode mode, Flag flag) implements LinkKind {
    // linux/if_link.h
    private static final int IFLA_IPVLAN_MODE = 1;
    private static final int IFLA_IPVLAN_FLAGS = 2;

    /// Values: enum ipvlan_mode, linux/if_link.h.
    public enum Mode {
        L2(0),
        L3(1),
        L3S(2);

        private final int value;

        Mode(int value) {
            this.value = value;
        }
    }

    /// Whom else on the same parent it reaches: all, none, or those that a switch outside reflects. Values:
    /// IPVLAN_F_PRIVATE and IPVLAN_F_VEPA, linux/if_link.h.
    public enum Flag {
        BRIDGE(0),
        PRIVATE(1),
        VEPA(2);

        private final int value;

        Flag(int value) {
            this.value = value;
        }
    }

    public Ipvlan {
        requireNonNull(mode, "mode");
        requireNonNull(flag, "flag");
    }

    @Override
    public String kindName() {
        return "ipvlan";
    }

    void encode(MessageWriter out) {
        out.attributeU16(IFLA_IPVLAN_MODE, mode.value);
        if (flag != Flag.BRIDGE) {
            out.attributeU16(IFLA_IPVLAN_FLAGS, flag.value);
        }
    }

    static LinkKind decode(Attributes data) {
        int mode = 0;
        int flag = 0;
        while (data.next()) {
            switch (data.type()) {
                case IFLA_IPVLAN_MODE -> mode = data.u16();
                case IFLA_IPVLAN_FLAGS -> flag = data.u16();
                default -> {}
            }
        }
        if (mode >= Mode.values().length || flag >= Flag.values().length) {
            return new Other("ipvlan");
        }
        return new Ipvlan(Mode.values()[mode], Flag.values()[flag]);
    }
}
