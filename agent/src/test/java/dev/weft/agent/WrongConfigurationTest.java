package dev.weft.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.plugin.EndpointKey;
import dev.weft.plugin.client.CallFailed;
import dev.weft.plugin.client.EngineClient;
import dev.weft.plugin.client.EngineVersion;
import dev.weft.plugin.client.PluginAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The agent as a process, told what is wrong: it touches nothing but its socket.
@DisplayNameGeneration(ReplaceUnderscores.class)
class WrongConfigurationTest {
    @TempDir
    private Path folder;

    private Process agent(Map<String, String> environment, String... arguments) throws IOException {
        var home = Path.of(System.getProperty("weft.home"));
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + home.resolve("agent/jvm.options"),
                "-Xlog:class+load:file=" + folder.resolve("classes"),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.weft.agent.Main",
                "agent"));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return builder.start();
    }

    /// Returns when the agent listens; what it has said until then.
    private static List<String> awaitStart(Process agent) throws IOException {
        var lines = new ArrayList<String>();
        var output = agent.inputReader(UTF_8);
        for (var line = output.readLine(); line != null; line = output.readLine()) {
            lines.add(line);
            if (line.startsWith("<3>")) {
                return lines;
            }
        }
        throw new AssertionError("the agent ended and said " + lines);
    }

    private static void stop(Process agent) throws InterruptedException {
        agent.destroy();
        agent.waitFor();
    }

    @Test
    void every_call_is_answered_with_the_mistakes_at_once() throws Exception {
        var socket = folder.resolve("weft.sock");
        var file = Files.writeString(folder.resolve("weft.toml"), """
                [agent]
                socket = "%s"
                sokcet = "/x"

                [reconcile]
                interval = "0s"
                """.formatted(socket));
        var agent = agent(Map.of(), "--config", file.toString());
        try (var engine = EngineClient.of(EngineVersion.V28_5, new PluginAddress.Unix(socket))) {
            var said = awaitStart(agent);
            assertThat(said.getFirst()).endsWith(" listens on " + socket);
            assertThat(said.getLast())
                    .isEqualTo("<3>" + file + ":3:1: unknown key 'agent.sokcet'; did you mean 'agent.socket'?");
            engine.activate();
            var sentence = "the Weft agent cannot work: " + file
                    + ":3:1: unknown key 'agent.sokcet'; did you mean 'agent.socket'? " + file
                    + ":6:1: reconcile.interval is '0s'; give a duration from 1s to 1h, such as \"30s\" or \"2m\"."
                    + " Mend it and restart the agent (weft config check).";
            assertThatThrownBy(() -> engine.deleteNetwork("n"))
                    .isInstanceOf(CallFailed.class)
                    .hasMessageContaining(sentence);
            assertThatThrownBy(() -> engine.leave(new EndpointKey("n", "e")))
                    .isInstanceOf(CallFailed.class)
                    .hasMessageContaining(sentence);
            assertThat(agent.isAlive()).isTrue();
        } finally {
            stop(agent);
        }
        assertThat(Files.readAllLines(folder.resolve("classes")))
                .as("the parser is there where there is a file")
                .anyMatch(line -> line.contains("org.tomlj."));
    }

    @Test
    void without_a_file_neither_its_parser_nor_the_command_line_is_loaded() throws Exception {
        var socket = folder.resolve("weft.sock");
        var agent = agent(Map.of("WEFT_DOCKER_COLLECT_AFTER", "0s"), "--socket", socket.toString());
        try {
            assertThat(awaitStart(agent).getLast())
                    .isEqualTo("<3>WEFT_DOCKER_COLLECT_AFTER: docker.collect_after is '0s';"
                            + " give a duration from 1s to 24h, such as \"30s\" or \"2m\".");
        } finally {
            stop(agent);
        }
        assertThat(Files.readAllLines(folder.resolve("classes")))
                .anyMatch(line -> line.contains("dev.weft.agent.config.Configuration"))
                .noneMatch(line -> line.contains("org.tomlj."))
                .noneMatch(line -> line.contains("picocli."));
    }
}
