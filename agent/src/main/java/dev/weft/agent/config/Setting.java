package dev.weft.agent.config;

/// A key's value, and where it comes from.
public record Setting<T>(Key<T> key, T value, Origin origin) {
    /// `agent.socket`.
    public String name() {
        return key.name();
    }

    /// As JSON has it: text, a boolean, or a list of texts.
    public Object plain() {
        return key.kind().plain(value);
    }
}
