package dev.weft.agent.config;

import java.util.Locale;

/// Whose the networks are.
public enum Scope {
    /// This host's engine's.
    LOCAL,
    /// The swarm's; for managed plugins alone.
    GLOBAL;

    /// As the configuration has it: `global`.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
