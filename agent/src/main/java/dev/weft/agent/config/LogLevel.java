package dev.weft.agent.config;

/// How much the agent's log tells; each level tells what those before it do, and more.
public enum LogLevel {
    ERROR,
    WARNING,
    INFO,
    DEBUG
}
