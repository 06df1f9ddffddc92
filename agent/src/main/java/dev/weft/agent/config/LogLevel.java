package dev.weft.agent.config;

import java.util.Locale;

/// How much the agent's log tells; each level tells what those before it do, and more.
public enum LogLevel {
    ERROR,
    WARNING,
    INFO,
    DEBUG;

    /// As the configuration has it: `debug`.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
