package dev.weft.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class EngineEventTest {
    @ParameterizedTest
    @CsvSource({
        "container, exec_create: /bin/sh -c true, true",
        "container, exec_die, true",
        "container, health_status: healthy, true",
        "container, top, true",
        "container, start, false",
        "container, die, false",
        "container, destroy, false",
        "network, connect, false",
        "daemon, reload, false"
    })
    void what_runs_in_a_container_changes_nothing_that_the_engine_has(String type, String action, boolean nothing) {
        assertThat(new EngineEvent(type, action, "c1", Map.of()).changesNothing())
                .isEqualTo(nothing);
    }
}
