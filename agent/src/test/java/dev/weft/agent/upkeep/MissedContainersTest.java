package dev.weft.agent.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.engine.EngineApi;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MissedContainersTest {
    private static final String START = "POST /containers/c1/start";
    private static final String NO_AGENT = "failed to set up: plugin \\\"weft\\\" not found";
    private static final String SENTENCE =
            "container web was left down by the engine, because no agent answered when it"
                    + " was to start. Start it: docker start web";

    @TempDir
    private Path folder;

    @AutoClose
    private ScriptedEngine engine;

    @AutoClose
    private EngineApi api;

    private MissedContainers naming;
    private MissedContainers starting;

    @BeforeEach
    void startEngine() throws IOException {
        var socket = folder.resolve("docker.sock");
        engine = new ScriptedEngine(socket);
        api = new EngineApi(socket);
        naming = new MissedContainers(api, "weft", false);
        starting = new MissedContainers(api, "weft", true);
        engine.has(START, "");
    }

    private List<String> look(MissedContainers missed) {
        return missed.look(EngineView.of(api));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                NO_AGENT,
                "plugin \\\"registry.example:5000/net/weft:1.2\\\" not found",
                "error looking up network plugin weft:latest: plugin weft:latest found but disabled",
                "dial unix /run/docker/plugins/weft.sock: connect: no such file or directory",
                "NetworkDriver.Join: the Weft agent cannot read its state"
            })
    void one_that_was_left_down_for_want_of_the_agent_is_named_and_not_touched(String error) {
        engine.hasContainer("exited", "always", error);
        assertThat(look(naming)).containsExactly(SENTENCE);
        assertThat(engine.posts()).isEmpty();
    }

    @Test
    void it_is_started_where_that_is_configured() {
        engine.hasContainer("created", "unless-stopped", NO_AGENT);
        assertThat(look(starting)).isEmpty();
        assertThat(engine.posts()).containsExactly(START);
    }

    @ParameterizedTest
    @CsvSource({
        "running, always, plugin 'weft' not found",
        "exited, always, ''",
        "exited, always, exec: no such file",
        "exited, always, plugin \\\"weft2\\\" not found",
        "exited, no, plugin \\\"weft\\\" not found",
        "exited, '', plugin \\\"weft\\\" not found"
    })
    void what_runs_or_should_not_run_or_failed_otherwise_is_none_of_ours(String state, String restart, String error) {
        engine.hasContainer(state, restart, error);
        assertThat(look(starting)).isEmpty();
        assertThat(engine.posts()).isEmpty();
    }

    @Test
    void what_cannot_be_started_is_named_and_tried_once_until_it_has_run() {
        engine.hasContainer("exited", "always", NO_AGENT);
        engine.refuses(START, 500, "still no");
        assertThat(look(starting)).containsExactly(SENTENCE);
        assertThat(look(starting)).containsExactly(SENTENCE);
        assertThat(engine.posts()).hasSize(1);
        engine.hasContainer("running", "always", "");
        assertThat(look(starting)).isEmpty();
        engine.hasContainer("exited", "always", NO_AGENT);
        look(starting);
        assertThat(engine.posts()).hasSize(2);
    }

    @Test
    void one_that_goes_between_two_questions_is_no_problem() {
        engine.has("GET /containers/json?all=1", "[{\"Id\":\"c9\",\"Names\":[\"/web\"],\"State\":\"exited\"}]");
        engine.refuses("GET /containers/c9/json", 404, "No such container: c9");
        assertThat(look(starting)).isEmpty();
    }
}
