package dev.weft.agent.cli;

import dev.weft.agent.config.Configuration;
import dev.weft.agent.config.Outcome;
import dev.weft.agent.rebuild.Rebuild;
import dev.weft.json.Json;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `weft state rebuild`.
@Command(
        name = "rebuild",
        description = {
            "Make the state anew from what the Docker API and the kernel say, while no agent has it.",
            "The old one is kept beside it. Running containers are not touched."
        })
final class StateRebuild implements Callable<Integer> {
    private final Function<Map<String, String>, Outcome> configuration;

    @Option(names = "--json", description = "As one line of JSON.")
    private boolean json;

    @Mixin
    private AgentFlags flags = new AgentFlags();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    StateRebuild(Function<Map<String, String>, Outcome> configuration) {
        this.configuration = configuration;
    }

    @Override
    public Integer call() {
        return switch (configuration.apply(flags.values())) {
            case Outcome.Valid valid -> {
                var options = valid.configuration();
                var report = Rebuild.of(options, docker(options));
                spec.commandLine()
                        .getOut()
                        .println(json ? json(options.state(), report) : text(options.state(), report));
                yield ExitCodes.OK;
            }
            case Outcome.Wrong wrong ->
                ConfigCheck.tell(wrong, spec.commandLine().getErr());
        };
    }

    private static Path docker(Configuration options) {
        return options.dockerSocket()
                .orElseThrow(() -> new CommandFailed("cannot rebuild the state: docker.socket is empty, and without the"
                        + " Docker API nobody knows the networks. Set WEFT_DOCKER_SOCKET for this command."));
    }

    private static String json(Path folder, Rebuild.Report report) {
        var page = new LinkedHashMap<String, @Nullable Object>();
        page.put("state_folder", folder.toString());
        page.put("engine", report.engine());
        page.put("old", report.old() == null ? null : report.old().toString());
        page.put("networks", report.networks());
        page.put("endpoints", report.endpoints());
        page.put("pools", report.pools());
        page.put("addresses", report.addresses());
        page.put("unknown", report.unknown());
        return Json.write(page);
    }

    static String text(Path folder, Rebuild.Report report) {
        var text = "The state in " + folder + " is made anew from what " + report.engine() + "\nand the kernel say:\n\n"
                + "  " + Figures.count(report.networks(), "network") + "\n"
                + "  " + Figures.count(report.endpoints(), "endpoint") + "\n"
                + "  " + Figures.count(report.pools(), "subnet") + " from Weft's IPAM, with "
                + (report.addresses() == 1 ? "1 address" : report.addresses() + " addresses") + " given\n\n";
        if (report.old() != null) {
            text += "The old one is kept as " + report.old() + ".\n";
        }
        if (!report.unknown().isEmpty()) {
            text += "Not all could be known:\n" + Bullets.of(report.unknown()) + "\n";
        }
        return text + "Start the agent now, or restart it.";
    }
}
