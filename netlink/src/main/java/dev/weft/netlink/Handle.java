package dev.weft.netlink;

/// Names a qdisc of a link, a class in it, or a place where a qdisc is attached: `MAJOR:MINOR` in tc(8).
///
/// @param value the upper 16 bits are the major number, the lower the minor (TC_H_*, linux/pkt_sched.h)
public record Handle(int value) {
    /// What a link sends.
    public static final Handle ROOT = new Handle(0xffffffff);

    /// What a link receives: the place, as a parent.
    public static final Handle INGRESS = new Handle(0xfffffff1);

    /// The handle that a qdisc at [#INGRESS] always has, and so the parent of its filters.
    public static final Handle INGRESS_QDISC = of(0xffff, 0);

    private static final int LARGEST = 0xffff;

    /// @param major 1 to 65535, as a qdisc has it
    /// @param minor 0 for the qdisc itself
    public static Handle of(int major, int minor) {
        if (major < 1 || major > LARGEST || minor < 0 || minor > LARGEST) {
            throw new IllegalArgumentException("handle " + Integer.toHexString(major) + ":" + Integer.toHexString(minor)
                    + " is not between 1:0 and ffff:ffff");
        }
        return new Handle(major << Short.SIZE | minor);
    }

    /// As tc(8) prints it: `root`, `ingress`, or hexadecimal numbers such as `1:` and `ffff:fff2`.
    @Override
    public String toString() {
        if (value == ROOT.value) {
            return "root";
        }
        if (value == INGRESS.value) {
            return "ingress";
        }
        int minor = value & LARGEST;
        return Integer.toHexString(value >>> Short.SIZE) + ":" + (minor == 0 ? "" : Integer.toHexString(minor));
    }
}
