package dev.weft.agent.admin;

/// How it stands with the agent.
sealed interface Standing {
    record Starting() implements Standing {}

    record Works(Working parts) implements Standing {}

    /// @param sentence that every call of an engine is answered with
    record Unable(String sentence) implements Standing {}
}
