package dev.weft.netlink;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/// A link with an address of its own on the wire of its parent ([LinkSpec#parent]).
public record Macvlan(Mode mode) implements LinkKind {
    private static final int IFLA_MACVLAN_MODE = 1; // linux/if_link.h

    /// Whom else on the same parent it reaches. Values: enum macvlan_mode, linux/if_link.h.
    public enum Mode {
        /// None.
        PRIVATE(1),
        /// Those that a switch outside reflects.
        VEPA(2),
        /// All, directly.
        BRIDGE(4),
        /// It is alone, and takes over the parent.
        PASSTHRU(8),
        SOURCE(16);

        private final int value;

        Mode(int value) {
            this.value = value;
        }

        private static @Nullable Mode of(int value) {
            for (var mode : values()) {
                if (mode.value == value) {
                    return mode;
                }
            }
            return null;
        }
    }

    public Macvlan {
        requireNonNull(mode, "mode");
    }

    @Override
    public String kindName() {
        return "macvlan";
    }

    void encode(MessageWriter out) {
        out.attributeU32(IFLA_MACVLAN_MODE, mode.value);
    }

    static LinkKind decode(Attributes data) {
        Mode mode = null;
        while (data.next()) {
            if (data.type() == IFLA_MACVLAN_MODE) {
                mode = Mode.of(data.u32());
            }
        }
        return mode == null ? new Other("macvlan") : new Macvlan(mode);
    }
}
