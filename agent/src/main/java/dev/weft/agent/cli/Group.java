package dev.weft.agent.cli;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/// A word that is nothing without one of its commands, as `weft network`.
final class Group {
    private Group() {}

    static CommandLine of(String name, String description, Object... commands) {
        var spec = CommandSpec.create().name(name);
        spec.usageMessage().description(description).synopsisSubcommandLabel("COMMAND");
        var group = new CommandLine(spec);
        for (var command : commands) {
            group.addSubcommand(command);
        }
        return group;
    }
}
