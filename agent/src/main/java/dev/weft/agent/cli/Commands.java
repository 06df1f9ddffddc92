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
        var all = new CommandLine(new Commands())
                .addSubcommand(new StatusCommand(configuration))
                .addSubcommand(Group.of(
                        "network",
                        "The networks of this host.",
                        new NetworkLs(configuration),
                        new NetworkInspect(configuration),
                        new NetworkRm(configuration)))
                .addSubcommand(Group.of(
                        "endpoint",
                        "The places of this host's containers in networks.",
                        new EndpointLs(configuration),
                        new EndpointInspect(configuration)))
                .addSubcommand(Group.of("host", "The hosts of the cluster.", new HostLs(configuration)))
                .addSubcommand(Group.of("ipam", "The addresses that Weft gives.", new IpamLs(configuration)))
                .addSubcommand(new DoctorCommand(number(version), configuration))
                .addSubcommand(new ReconcileCommand(configuration))
                .addSubcommand(new FabricCommand(configuration))
                .addSubcommand(Group.of(
                        "state",
                        "What must survive the agent.",
                        new StateCheckCommand(configuration),
                        new StateBackup(configuration),
                        new StateRebuild(configuration)))
                .addSubcommand(Group.of(
                        "engine", "The Docker Engine whose networks these are.", new EngineAdopt(configuration)))
                .addSubcommand(Group.of(
                        "config",
                        "The configuration of the agent, by the keys of docs/configuration.md.",
                        new ConfigCheck(configuration),
                        new ConfigShow(configuration)))
                .addSubcommand(new VersionCommand(version))
                .addSubcommand(new HelpCommand());
        addHelp(all);
        return all.setUsageHelpWidth(Table.WIDTH)
                .setExpandAtFiles(false)
                .setParameterExceptionHandler((mistake, _) -> Complaints.mistyped(mistake))
                .setExecutionExceptionHandler((failure, command, _) -> Complaints.failed(failure, command));
    }

    /// `0.1.0` of `weft 0.1.0 (Java 25)`.
    private static String number(String version) {
        return version.replaceFirst("^weft ", "").replaceFirst(" .*", "");
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
