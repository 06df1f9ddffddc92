package dev.weft.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.agent.config.Configuration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AgentOptionsTest {
    @Test
    void without_options_nothing_is_said() {
        assertThat(AgentOptions.parse(List.of())).isEmpty();
    }

    @Test
    void every_option_is_told_to_the_configuration() {
        assertThat(AgentOptions.parse(List.of(
                        "--config",
                        "/srv/weft.toml",
                        "--socket",
                        "/run/other.sock",
                        "--admin-socket",
                        "/run/admin.sock",
                        "--state",
                        "/srv/weft",
                        "--fabric",
                        "weft-2")))
                .isEqualTo(Map.of(
                        "--config",
                        "/srv/weft.toml",
                        "--socket",
                        "/run/other.sock",
                        "--admin-socket",
                        "/run/admin.sock",
                        "--state",
                        "/srv/weft",
                        "--fabric",
                        "weft-2"));
    }

    @Test
    void the_last_of_an_option_that_is_repeated_counts() {
        assertThat(AgentOptions.parse(List.of("--state", "/a", "--state", "/b")))
                .isEqualTo(Map.of("--state", "/b"));
    }

    @Test
    void every_mistake_is_told_at_once() {
        assertThatThrownBy(() -> AgentOptions.parse(List.of("--sokcet", "/x", "--state")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("unknown option '--sokcet'; known: --admin-socket, --config, --fabric, --socket, --state;"
                        + " option '--state' needs a value");
    }

    @Test
    void the_usage_names_every_option_in_80_columns() {
        assertThat(AgentOptions.USAGE).contains(Configuration.flags());
        assertThat(AgentOptions.USAGE.lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }
}
