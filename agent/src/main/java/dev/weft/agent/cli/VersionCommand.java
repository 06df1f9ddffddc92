package dev.weft.agent.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `weft version`.
@Command(name = "version", description = "Show which Weft this is.")
final class VersionCommand implements Runnable {
    private final String version;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    VersionCommand(String version) {
        this.version = version;
    }

    @Override
    public void run() {
        spec.commandLine().getOut().println(version);
    }
}
