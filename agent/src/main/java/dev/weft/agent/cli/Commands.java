package dev.weft.agent.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weft.agent.config.Configuration;
import dev.weft.agent.config.Outcome;
import java.io.PrintWriter;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.OptionSpec;

/// `weft`: every command but the agent itself, which starts without any of this.
@Command(
        name = "weft",
        synopsisSubcommandLabel = "COMMAND",
        description = "A network driver for Docker Engine.",
        footer = {
            "",
            "weft agent runs the agent itself: weft agent --help.",
            "Exit codes: 0 done, 1 failed, 2 mistyped, 3 found something."
        })
public final class Commands {
    private Commands() {}

    /// Prints to standard output and standard error.
    ///
    /// @param version what `weft version` prints
    /// @return the exit code, of [ExitCodes]
    public static int run(String version, String... arguments) {
        var out = new PrintWriter(System.out, true, UTF_8);
        var err = new PrintWriter(System.err, true, UTF_8);
        return all(version, flags -> Configuration.read(System.getenv(), flags))
                .setOut(out)
                .setErr(err)
                .execute(arguments);
    }

    /// @param configuration what the agent would make of flags
    static CommandLine all(String version, Function<Map<String, String>, Outcome> configuration) {
        var config = new CommandLine(new ConfigCommand())
                .addSubcommand(new ConfigCheck(configuration))
                .addSubcommand(new ConfigShow(configuration));
        var all = new CommandLine(new Commands())
                .addSubcommand(config)
                .addSubcommand(new VersionCommand(version))
                .addSubcommand(new HelpCommand());
        addHelp(all);
        return all.setUsageHelpWidth(Table.WIDTH)
                .setExpandAtFiles(false)
                .setParameterExceptionHandler((mistake, _) -> Complaints.mistyped(mistake))
                .setExecutionExceptionHandler((failure, command, _) -> Complaints.failed(failure, command));
    }

    private static void addHelp(CommandLine command) {
        if (!(command.getCommand() instanceof HelpCommand)) {
            command.getCommandSpec()
                    .addOption(OptionSpec.builder("-h", "--help")
                            .usageHelp(true)
                            .description("Show this help.")
                            .build());
        }
        command.getSubcommands().values().forEach(Commands::addHelp);
    }
}
