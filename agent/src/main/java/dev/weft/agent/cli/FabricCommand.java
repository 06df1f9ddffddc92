package dev.weft.agent.cli;

import dev.weft.agent.config.Outcome;
import dev.weft.drivers.plan.Fabric;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `weft fabric`.
@Command(
        name = "fabric",
        description = {
            "Make sure that the network namespace of the bridges is there, for an agent in the",
            "sandbox of a service, which cannot do that itself. Its unit runs this."
        })
final class FabricCommand implements Callable<Integer> {
    private final Function<Map<String, String>, Outcome> configuration;

    @Mixin
    private AgentFlags flags = new AgentFlags();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    FabricCommand(Function<Map<String, String>, Outcome> configuration) {
        this.configuration = configuration;
    }

    @Override
    public Integer call() {
        return switch (configuration.apply(flags.values())) {
            case Outcome.Valid valid -> {
                var name = valid.configuration().fabric();
                spec.commandLine().getOut().println("/run/netns/" + name + " " + told(Fabric.ensure(name)));
                yield ExitCodes.OK;
            }
            case Outcome.Wrong wrong ->
                ConfigCheck.tell(wrong, spec.commandLine().getErr());
        };
    }

    private static String told(Fabric.Pin pin) {
        return switch (pin) {
            case KEPT -> "is there.";
            case RESTORED -> "is the network namespace of the running agent again.";
            case MADE -> "is there now.";
        };
    }
}
