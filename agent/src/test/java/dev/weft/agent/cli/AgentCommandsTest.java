package dev.weft.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.agent.admin.AdminServer;
import dev.weft.agent.admin.AgentProcess;
import dev.weft.agent.config.Configuration;
import dev.weft.state.Registry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Commands beside an agent that is not there, or cannot work.
@DisplayNameGeneration(ReplaceUnderscores.class)
class AgentCommandsTest {
    @TempDir
    Path folder;

    private Path socket() {
        return folder.resolve("admin.sock");
    }

    private Typed type(String command) {
        return Typed.weft(
                folder.resolve("none"),
                Map.of("WEFT_AGENT_ADMIN_SOCKET", socket().toString()),
                command.replace("STATE", folder.resolve("state").toString()).split(" "));
    }

    private AdminServer agent() throws IOException {
        var options = Configuration.read(
                        folder.resolve("none"), Map.of(), Map.of("--admin-socket", socket().toString()))
                .configuration();
        return AdminServer.start(new AgentProcess("1.2.3", Instant.now(), false, options));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status",
                "network ls",
                "network inspect x",
                "endpoint ls",
                "endpoint inspect x",
                "ipam ls",
                "doctor",
                "reconcile",
                "engine adopt"
            })
    void without_an_agent_they_say_what_to_do(String command) {
        assertThat(type(command))
                .isEqualTo(new Typed(
                        1,
                        "",
                        "weft: no Weft agent answers on " + socket() + ". Start it, or name its socket with"
                                + " --admin-socket or WEFT_AGENT_ADMIN_SOCKET.\n"));
    }

    @Test
    void the_socket_can_be_named() {
        assertThat(Typed.weft("status", "--admin-socket", "/nowhere/x").err())
                .startsWith("weft: no Weft agent answers on /nowhere/x. ");
    }

    @Test
    void of_an_agent_that_cannot_work_the_status_says_why_and_all_else_fails_with_that() throws IOException {
        try (var agent = agent()) {
            agent.shut("the Weft agent cannot work: x.");
            var status = type("status");
            assertThat(status.exitCode()).isEqualTo(1);
            assertThat(status.out())
                    .startsWith("Weft 1.2.3 does not work:\n  - the Weft agent cannot work: x.\n\nagent    pid ");
            assertThat(type("status --json").out())
                    .startsWith("{\"version\":\"1.2.3\",")
                    .endsWith("}\n");
            assertThat(type("network ls")).isEqualTo(new Typed(1, "", "weft: the Weft agent cannot work: x.\n"));
        }
    }

    @Test
    void a_state_that_no_agent_has_open_is_looked_at_itself() throws IOException {
        assertThat(type("state check --state STATE"))
                .isEqualTo(new Typed(
                        1,
                        "",
                        "weft: there is no state in " + folder
                                + "/state/weft.db. Give the folder of an agent with --state.\n"));
        try (var _ = Registry.open(folder.resolve("state"))) {
            assertThat(type("state check --state STATE"))
                    .isEqualTo(new Typed(
                            1,
                            "",
                            "weft: cannot open the state in " + folder + "/state/weft.db: another process holds it."
                                    + " Stop the other agent, or give this one another --state.\n"));
        }
        try (var agent = agent()) {
            agent.shut("the Weft agent cannot work: x.");
            assertThat(type("state check --state STATE"))
                    .isEqualTo(
                            new Typed(0, "The state in " + folder + "/state/weft.db is what was written:\n" + """
                              0 x network
                              0 x endpoint
                              0 x pool
                              0 x address
                              0 x engine
                              0 x tombstone
                            """, ""));
        }
        Files.write(folder.resolve("state/weft.db"), new byte[0]);
        var damaged = type("state check --json --state STATE");
        assertThat(damaged.exitCode()).isEqualTo(3);
        assertThat(damaged.out()).contains("\"sound\":false,\"sentence\":\"the state in ", "it is empty");
    }

    @Test
    void a_state_that_no_agent_has_open_is_copied() {
        var copy = folder.resolve("copy.db");
        assertThat(type("state backup " + copy + " --state STATE").exitCode()).isEqualTo(1);
        Registry.open(folder.resolve("state")).close();
        var made = type("state backup " + copy + " --state STATE");
        assertThat(made.exitCode()).isZero();
        assertThat(made.out()).matches("The state is copied to " + copy + " \\(\\d+ KiB\\)\\.\n");
        assertThat(copy).exists();
        assertThat(type("state backup " + copy + " --state STATE").err())
                .isEqualTo(
                        "weft: cannot back up the state to " + copy + ": there is such a file. Give another name.\n");
    }

    @Test
    void a_state_is_not_rebuilt_without_the_engine_and_nothing_is_changed() throws IOException {
        Registry.open(folder.resolve("state")).close();
        var before = List.of(folder.resolve("state").toFile().list());
        var refused = Typed.weft(
                folder.resolve("none"),
                Map.of("WEFT_DOCKER_SOCKET", "/nowhere/docker.sock"),
                "state",
                "rebuild",
                "--state",
                folder.resolve("state").toString());
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err())
                .startsWith("weft: cannot list the networks: ")
                .endsWith("Look whether Docker Engine runs, and whether that is its socket.\n");
        var never = Typed.weft(folder.resolve("none"), Map.of("WEFT_DOCKER_SOCKET", ""), "state", "rebuild");
        assertThat(never.err())
                .isEqualTo("weft: cannot rebuild the state: docker.socket is empty, and without the Docker API nobody"
                        + " knows the networks. Set WEFT_DOCKER_SOCKET for this command.\n");
        assertThat(List.of(folder.resolve("state").toFile().list())).containsExactlyInAnyOrderElementsOf(before);
    }
}
