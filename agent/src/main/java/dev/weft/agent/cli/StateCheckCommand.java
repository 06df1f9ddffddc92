package dev.weft.agent.cli;

import static java.util.stream.Collectors.joining;

import dev.weft.agent.config.Outcome;
import dev.weft.json.Json;
import dev.weft.json.JsonObject;
import dev.weft.state.StateCheck;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `weft state check`.
@Command(name = "check", description = "Read all of the state again, and say whether it is what was written.")
final class StateCheckCommand implements Callable<Integer> {
    private final Function<Map<String, String>, Outcome> configuration;

    @Option(names = "--json", description = "As one line of JSON.")
    private boolean json;

    @Mixin
    private AgentFlags flags = new AgentFlags();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    StateCheckCommand(Function<Map<String, String>, Outcome> configuration) {
        this.configuration = configuration;
    }

    @Override
    public Integer call() {
        return switch (configuration.apply(flags.values())) {
            case Outcome.Valid valid -> {
                var answer = StateOwner.of(valid.configuration(), flags)
                        .map(agent -> agent.post("state/check", "").text())
                        .orElseGet(() -> look(valid.configuration().state()));
                var found = JsonObject.parse("the answer", answer);
                spec.commandLine().getOut().println(json ? answer : text(found));
                yield found.flag("sound", false) ? ExitCodes.OK : ExitCodes.FINDINGS;
            }
            case Outcome.Wrong wrong ->
                ConfigCheck.tell(wrong, spec.commandLine().getErr());
        };
    }

    /// As the agent would answer, of a folder that no agent has open.
    private static String look(Path folder) {
        var page = new LinkedHashMap<String, Object>();
        switch (StateCheck.of(folder)) {
            case StateCheck.Sound sound -> {
                page.put("file", sound.file().toString());
                page.put("sound", true);
                page.put("records", sound.records());
            }
            case StateCheck.Unusable unusable -> {
                page.put("file", unusable.file().toString());
                page.put("sound", false);
                page.put("sentence", unusable.sentence());
            }
        }
        return Json.write(page);
    }

    static String text(JsonObject found) {
        if (!found.flag("sound", false)) {
            return String.join("\n", Table.wrapped(found.string("sentence"), Table.WIDTH));
        }
        var records = found.object("records");
        return "The state in " + found.string("file") + " is what was written:\n"
                + records.values().keySet().stream()
                        .map(kind -> "  " + records.number(kind, 0, Long.MAX_VALUE) + " x " + kind)
                        .collect(joining("\n"));
    }
}
