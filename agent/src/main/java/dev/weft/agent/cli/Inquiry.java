package dev.weft.agent.cli;

import dev.weft.agent.cli.AdminClient.Answer;
import dev.weft.agent.config.Outcome;
import dev.weft.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The options of a command that asks the agent: where that is, and in which form its answer is shown.
final class Inquiry {
    private final Function<Map<String, String>, Outcome> configuration;
    private final Map<String, String> flags = new LinkedHashMap<>();

    @Option(names = "--json", description = "As one line of JSON.")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    Inquiry(Function<Map<String, String>, Outcome> configuration) {
        this.configuration = configuration;
    }

    @Option(names = "--admin-socket", paramLabel = "PATH", description = "Of the agent, as weft agent has it.")
    void adminSocket(String path) {
        flags.put("--admin-socket", path);
    }

    @Option(names = "--config", paramLabel = "FILE", description = "Of the agent, instead of /etc/weft/weft.toml.")
    void config(String file) {
        flags.put("--config", file);
    }

    /// Also of an agent whose configuration is wrong, which still serves its sockets.
    AdminClient agent() {
        return new AdminClient(configuration.apply(flags).configuration().adminSocket());
    }

    /// Prints the answer, as it came or as text.
    JsonObject show(Answer answer, Function<JsonObject, String> text) {
        print(json ? answer.text() : text.apply(answer.fields()));
        return answer.fields();
    }

    void print(String text) {
        command.commandLine().getOut().println(text);
    }
}
