package dev.weft.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ConfigCheckTest {
    @TempDir
    private Path folder;

    @Test
    void what_is_right_is_one_line_that_says_where_it_comes_from() throws IOException {
        var file = Files.writeString(folder.resolve("x.toml"), "agent.fabric = 'x'\nreconcile.interval = '2s'\n");
        assertThat(Typed.weft(file, Map.of("WEFT_AGENT_LOG_LEVEL", "debug"), "config", "check", "--state", "/s"))
                .isEqualTo(new Typed(
                        0,
                        "The configuration is right: 18 keys by default, 1 key from flags, 2 keys from " + file
                                + ", 1 key from the environment.\n",
                        ""));
        assertThat(Typed.weft("config", "check"))
                .isEqualTo(new Typed(0, "The configuration is right: 22 keys by default.\n", ""));
    }

    @Test
    void each_mistake_is_a_line_on_standard_error() throws IOException {
        var file = Files.writeString(folder.resolve("x.toml"), "[agent]\nsokcet = '/x'\nfabric = ''\n");
        assertThat(Typed.weft("config", "check", "--config", file.toString()))
                .isEqualTo(new Typed(
                        2,
                        "",
                        file + ":2:1: unknown key 'agent.sokcet'; did you mean 'agent.socket'?\n" + file
                                + ":3:1: agent.fabric is '';"
                                + " give a name of letters, digits, '.', '_' and '-'.\n"));
    }

    @Test
    void every_flag_of_the_agent_is_checked() {
        assertThat(Typed.weft(
                        "config",
                        "check",
                        "--socket",
                        "a",
                        "--admin-socket",
                        "d",
                        "--state",
                        "b",
                        "--fabric",
                        "/",
                        "--config",
                        "/c/d"))
                .isEqualTo(new Typed(2, "", """
                        --config: there is no file /c/d.
                        --socket: agent.socket is 'a'; give a path that begins with '/'.
                        --admin-socket: agent.admin_socket is 'd'; give a path that begins with '/'.
                        --state: agent.state is 'b'; give a path that begins with '/'.
                        --fabric: agent.fabric is '/'; give a name of letters, digits, '.', '_' and '-'.
                        """));
    }
}
