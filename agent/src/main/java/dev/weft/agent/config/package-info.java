/// What the agent is told: a table of keys, read from defaults, a file, the environment and flags, all mistakes at
/// once.
package dev.weft.agent.config;
