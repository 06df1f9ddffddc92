package dev.weft.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SuggestionTest {
    @ParameterizedTest
    @CsvSource({
        "state, state, 0",
        "state, sttae, 1",
        "state, sate, 1",
        "state, staate, 1",
        "state, stale, 1",
        "state, '', 5",
        "interval, internal, 1",
        "socket, pocket, 1",
        "socket, sockets, 1",
        "socket, state, 4",
    })
    void letters_put_in_left_out_exchanged_and_swapped_count_one(String from, String to, int edits) {
        assertThat(Suggestion.edits(from, to)).isEqualTo(edits);
        assertThat(Suggestion.edits(to, from)).isEqualTo(edits);
    }

    @Test
    void the_nearest_is_suggested_and_the_table_itself_before_another() {
        var known = List.of("agent.socket", "agent.state", "docker.socket");
        assertThat(Suggestion.nearest("docker.sockt", known)).contains("docker.socket");
        assertThat(Suggestion.nearest("agent.sockt", known)).contains("agent.socket");
        assertThat(Suggestion.nearest("state", known)).contains("agent.state");
    }

    @Test
    void what_is_near_nothing_gets_no_suggestion() {
        assertThat(Suggestion.nearest("agent.colour", List.of("agent.socket", "agent.state")))
                .isEmpty();
        assertThat(Suggestion.nearest("x".repeat(100_000), List.of("agent.socket")))
                .isEmpty();
    }
}
