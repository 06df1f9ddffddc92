package dev.weft.agent.cli;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import dev.weft.agent.config.Origin;
import dev.weft.agent.config.Outcome;
import dev.weft.agent.config.Setting;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `weft config check`.
@Command(name = "check", description = "Say whether the agent would take its configuration, and every mistake in it.")
final class ConfigCheck implements Callable<Integer> {
    private final Function<Map<String, String>, Outcome> configuration;

    @Mixin
    private AgentFlags flags = new AgentFlags();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ConfigCheck(Function<Map<String, String>, Outcome> configuration) {
        this.configuration = configuration;
    }

    @Override
    public Integer call() {
        return switch (configuration.apply(flags.values())) {
            case Outcome.Valid valid -> {
                spec.commandLine().getOut().println("The configuration is right: " + summary(valid.settings()) + ".");
                yield ExitCodes.OK;
            }
            case Outcome.Wrong wrong -> tell(wrong, spec.commandLine().getErr());
        };
    }

    /// A line for each mistake.
    static int tell(Outcome.Wrong wrong, PrintWriter err) {
        wrong.mistakes().forEach(err::println);
        return ExitCodes.MISTYPED;
    }

    /// `2 keys from /etc/weft/weft.toml, 10 by default`.
    private static String summary(List<Setting<?>> settings) {
        return settings.stream()
                .collect(groupingBy(ConfigCheck::source, LinkedHashMap::new, counting()))
                .entrySet()
                .stream()
                .map(source -> source.getValue() + (source.getValue() == 1 ? " key " : " keys ") + source.getKey())
                .collect(joining(", "));
    }

    private static String source(Setting<?> setting) {
        return switch (setting.origin()) {
            case Origin.Preset _ -> "by default";
            case Origin.WholeFile(var file) -> "from " + file;
            case Origin.InFile place -> "from " + place.file();
            case Origin.Variable _ -> "from the environment";
            case Origin.Flag _ -> "from flags";
        };
    }
}
