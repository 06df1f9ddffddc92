package dev.weft.agent.admin;

import dev.weft.agent.doctor.Patient;

/// How it stands with the agent.
sealed interface Standing {
    record Starting() implements Standing {}

    record Works(Patient parts) implements Standing {}

    /// @param sentence that every call of an engine is answered with
    record Unable(String sentence) implements Standing {}
}
