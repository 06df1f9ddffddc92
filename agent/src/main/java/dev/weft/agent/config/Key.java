package dev.weft.agent.config;

import java.util.Locale;

/// One key of the configuration.
///
/// @param name    with its table: `agent.socket`
/// @param preset  its value where nothing else is said, as it would be written
/// @param flag    of `weft agent` that says the same; empty if there is none
/// @param meaning in the documentation
record Key<T>(String name, Kind<T> kind, Raw preset, String flag, String meaning) {
    /// `WEFT_AGENT_SOCKET`.
    String variable() {
        return "WEFT_" + name.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    /// `agent`.
    String table() {
        return name.substring(0, name.indexOf('.'));
    }

    Setting<T> byDefault() {
        return set(preset, new Origin.Preset());
    }

    /// @throws IllegalArgumentException with a sentence about the key
    Setting<T> set(Raw raw, Origin origin) {
        try {
            return new Setting<>(this, kind.read(raw), origin);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(name + " " + wrong.getMessage() + ".", wrong);
        }
    }
}
