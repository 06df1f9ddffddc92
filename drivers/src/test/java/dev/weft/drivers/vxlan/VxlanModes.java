package dev.weft.drivers.vxlan;

import dev.weft.drivers.mode.Modes;
import java.util.List;
import java.util.Optional;

/// Modes for tests, on an underlay that does not depend on the machine.
public final class VxlanModes {
    private VxlanModes() {}

    /// No other mode than vxlan.
    public static Modes alone() {
        return new Modes(List.of(onEthernet()));
    }

    public static VxlanMode onEthernet() {
        return new VxlanMode(() -> new Underlay("eth0", 1500, false), () -> false, network -> Optional.empty());
    }
}
