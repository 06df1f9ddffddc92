package dev.weft.plugin.wire;

/// The body of a call, or of an answer, that says nothing.
public enum Nothing {
    NOTHING
}
