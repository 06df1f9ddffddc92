package dev.weft.agent.config;

/// A variable of the environment that says what a key of the file says.
///
/// @param name    `WEFT_AGENT_LOG_LEVEL`
/// @param meaning in a sentence
public record Variable(String name, String meaning) {}
