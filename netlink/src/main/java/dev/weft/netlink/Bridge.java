package dev.weft.netlink;

/// An Ethernet switch. What equals the kernel's default is not sent.
///
/// @param multicastSnooping whether multicast goes only to ports that asked for it; default true
/// @param spanningTree      whether it runs STP; default false
/// @param ageingSeconds     how long a learned address is kept without being seen; default 300
public record Bridge(boolean multicastSnooping, boolean spanningTree, int ageingSeconds) implements LinkKind {
    // linux/if_link.h
    private static final int IFLA_BR_AGEING_TIME = 4;
    private static final int IFLA_BR_STP_STATE = 5;
    private static final int IFLA_BR_MCAST_SNOOPING = 23;

    /// USER_HZ, in which the kernel tells times to programs (asm-generic/param.h).
    private static final int TICKS_PER_SECOND = 100;

    private static final Bridge DEFAULTS = new Bridge(true, false, 300);

    public Bridge {
        if (ageingSeconds < 0 || ageingSeconds > Integer.MAX_VALUE / TICKS_PER_SECOND) {
            throw new IllegalArgumentException("ageing time of a bridge: " + ageingSeconds + " s is out of range");
        }
    }

    public static Bridge defaults() {
        return DEFAULTS;
    }

    public Bridge multicastSnooping(boolean on) {
        return new Bridge(on, spanningTree, ageingSeconds);
    }

    public Bridge spanningTree(boolean on) {
        return new Bridge(multicastSnooping, on, ageingSeconds);
    }

    public Bridge ageingSeconds(int seconds) {
        return new Bridge(multicastSnooping, spanningTree, seconds);
    }

    @Override
    public String kindName() {
        return "bridge";
    }

    void encode(MessageWriter out) {
        if (ageingSeconds != DEFAULTS.ageingSeconds) {
            out.attributeU32(IFLA_BR_AGEING_TIME, ageingSeconds * TICKS_PER_SECOND);
        }
        if (spanningTree != DEFAULTS.spanningTree) {
            out.attributeU32(IFLA_BR_STP_STATE, 1);
        }
        if (multicastSnooping != DEFAULTS.multicastSnooping) {
            out.attributeU8(IFLA_BR_MCAST_SNOOPING, 0);
        }
    }

    /// What equals the kernel's default too: for a bridge that has something else now.
    void encodeWhole(MessageWriter out) {
        out.attributeU32(IFLA_BR_AGEING_TIME, ageingSeconds * TICKS_PER_SECOND);
        out.attributeU32(IFLA_BR_STP_STATE, spanningTree ? 1 : 0);
        out.attributeU8(IFLA_BR_MCAST_SNOOPING, multicastSnooping ? 1 : 0);
    }

    static Bridge decode(Attributes data) {
        boolean multicastSnooping = false; // absent where the kernel was built without IGMP snooping
        boolean spanningTree = DEFAULTS.spanningTree;
        int ageingSeconds = DEFAULTS.ageingSeconds;
        while (data.next()) {
            switch (data.type()) {
                case IFLA_BR_AGEING_TIME ->
                    ageingSeconds = (int) (Integer.toUnsignedLong(data.u32()) / TICKS_PER_SECOND);
                case IFLA_BR_STP_STATE -> spanningTree = data.u32() != 0;
                case IFLA_BR_MCAST_SNOOPING -> multicastSnooping = data.flag();
                default -> {}
            }
        }
        return new Bridge(
                multicastSnooping, spanningTree, Math.min(ageingSeconds, Integer.MAX_VALUE / TICKS_PER_SECOND));
    }
}
