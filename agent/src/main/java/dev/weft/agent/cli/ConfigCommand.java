package dev.weft.agent.cli;

import picocli.CommandLine.Command;

/// `weft config`, which is nothing without one of its own commands.
@Command(
        name = "config",
        synopsisSubcommandLabel = "COMMAND",
        description = "The configuration of the agent, by the keys of docs/configuration.md.")
final class ConfigCommand {}
