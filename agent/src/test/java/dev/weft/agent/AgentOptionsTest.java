package dev.weft.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AgentOptionsTest {
    @Test
    void without_options_everything_is_where_engines_and_people_look_for_it() {
        assertThat(AgentOptions.parse(List.of()))
                .isEqualTo(
                        new AgentOptions(Path.of("/run/docker/plugins/weft.sock"), Path.of("/var/lib/weft"), "weft"));
    }

    @Test
    void every_option_is_used() {
        assertThat(AgentOptions.parse(
                        List.of("--socket", "/run/other.sock", "--state", "/srv/weft", "--fabric", "weft-2")))
                .isEqualTo(new AgentOptions(Path.of("/run/other.sock"), Path.of("/srv/weft"), "weft-2"));
    }

    @Test
    void every_mistake_is_told_at_once() {
        assertThatThrownBy(() -> AgentOptions.parse(List.of("--sokcet", "/x", "--fabric", "../etc", "--state")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("unknown option '--sokcet'; known: --fabric, --socket, --state;"
                        + " option '--state' needs a value;"
                        + " --fabric is '../etc'; give a name of letters, digits, '.', '_' and '-'");
    }

    @Test
    void the_usage_names_every_option() {
        assertThat(AgentOptions.USAGE).contains("--socket", "--state", "--fabric");
    }
}
