package dev.weft.agent.cli;

import dev.weft.agent.config.Origin;
import dev.weft.agent.config.Outcome;
import dev.weft.agent.config.Setting;
import dev.weft.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `weft config show`.
@Command(name = "show", description = "Show every key with its value and where that comes from.")
final class ConfigShow implements Callable<Integer> {
    private final Function<Map<String, String>, Outcome> configuration;

    @Option(names = "--json", description = "As a list of objects.")
    private boolean json;

    @Mixin
    private AgentFlags flags = new AgentFlags();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ConfigShow(Function<Map<String, String>, Outcome> configuration) {
        this.configuration = configuration;
    }

    @Override
    public Integer call() {
        return switch (configuration.apply(flags.values())) {
            case Outcome.Valid valid -> {
                spec.commandLine().getOut().println(json ? json(valid.settings()) : table(valid.settings()));
                yield ExitCodes.OK;
            }
            case Outcome.Wrong wrong ->
                ConfigCheck.tell(wrong, spec.commandLine().getErr());
        };
    }

    private static String table(List<Setting<?>> settings) {
        var table = new Table("KEY", "VALUE", "FROM");
        settings.forEach(setting -> table.row(
                setting.name(),
                text(setting.plain()),
                setting.origin() instanceof Origin.Variable ? "environment" : origin(setting.origin())));
        return table.toString();
    }

    /// A line for each item of a list.
    private static String text(Object plain) {
        return plain instanceof List<?> items
                ? String.join("\n", items.stream().map(Object::toString).toList())
                : plain.toString();
    }

    private static String json(List<Setting<?>> settings) {
        return Json.write(settings.stream().map(ConfigShow::object).toList());
    }

    private static Map<String, Object> object(Setting<?> setting) {
        var object = new LinkedHashMap<String, Object>();
        object.put("key", setting.name());
        object.put("value", setting.plain());
        object.put("from", origin(setting.origin()));
        return object;
    }

    private static String origin(Origin origin) {
        return switch (origin) {
            case Origin.InFile place -> place.file() + ":" + place.line();
            case Origin.Preset _, Origin.WholeFile _, Origin.Variable _, Origin.Flag _ -> origin.toString();
        };
    }
}
