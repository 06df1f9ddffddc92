package dev.weft.drivers.vxlan;

/// Modes for tests, on an underlay that does not depend on the machine.
public final class VxlanModes {
    private VxlanModes() {}

    public static VxlanMode onEthernet() {
        return new VxlanMode(() -> new Underlay("eth0", 1500, false), () -> false);
    }
}
