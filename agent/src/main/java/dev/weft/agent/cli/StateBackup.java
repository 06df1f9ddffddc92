package dev.weft.agent.cli;

import dev.weft.agent.config.Outcome;
import dev.weft.json.Json;
import dev.weft.json.JsonObject;
import dev.weft.state.Registry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `weft state backup`.
@Command(name = "backup", description = "Write a whole copy of the state to a file, while the agent runs or not.")
final class StateBackup implements Callable<Integer> {
    private final Function<Map<String, String>, Outcome> configuration;

    @Option(names = "--json", description = "As one line of JSON.")
    private boolean json;

    @Parameters(paramLabel = "FILE", description = "A new file.")
    private String file = "";

    @Mixin
    private AgentFlags flags = new AgentFlags();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    StateBackup(Function<Map<String, String>, Outcome> configuration) {
        this.configuration = configuration;
    }

    @Override
    public Integer call() {
        return switch (configuration.apply(flags.values())) {
            case Outcome.Valid valid -> {
                var copy = Path.of(file).toAbsolutePath().normalize();
                var answer = StateOwner.of(valid.configuration(), flags)
                        .map(agent -> take(agent, copy))
                        .orElseGet(() -> copy(valid.configuration().state(), copy));
                var made = JsonObject.parse("the answer", answer);
                spec.commandLine()
                        .getOut()
                        .println(
                                json
                                        ? answer
                                        : "The state is copied to " + made.string("file") + " ("
                                                + Figures.bytes(made.number("bytes", 0, Long.MAX_VALUE)) + ").");
                yield ExitCodes.OK;
            }
            case Outcome.Wrong wrong ->
                ConfigCheck.tell(wrong, spec.commandLine().getErr());
        };
    }

    /// Of an agent, which leaves it beside its socket: in the sandbox of a service it can write hardly anywhere else.
    private static String take(AdminClient agent, Path copy) {
        Registry.refuseBackup(copy);
        Registry.move(Path.of(agent.post("state/backup", "").fields().string("file")), copy);
        return made(copy);
    }

    /// Of a folder that no agent has open.
    private static String copy(Path folder, Path copy) {
        Registry.backup(folder, copy);
        return made(copy);
    }

    private static String made(Path copy) {
        try {
            var made = new LinkedHashMap<String, Object>();
            made.put("file", copy.toString());
            made.put("bytes", Files.size(copy));
            return Json.write(made);
        } catch (IOException goneMeanwhile) {
            throw new CommandFailed(
                    "the backup " + copy + " was written, and is gone; see who removes it.", goneMeanwhile);
        }
    }
}
