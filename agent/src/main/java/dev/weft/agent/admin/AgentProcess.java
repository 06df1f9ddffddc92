package dev.weft.agent.admin;

import dev.weft.agent.config.Configuration;
import java.time.Instant;

/// What is to be said of the agent as a process, whether or not it can work.
///
/// @param version   of Weft
/// @param inherited whether it serves a socket that it was started with, in place of the configured one
/// @param options   with which it serves its sockets
public record AgentProcess(String version, Instant started, boolean inherited, Configuration options) {}
