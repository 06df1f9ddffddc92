package dev.weft.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.agent.config.LogLevel;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LogFormatTest {
    @ParameterizedTest
    @CsvSource({"SEVERE, <3>", "WARNING, <4>", "INFO, <6>", "FINE, <7>"})
    void an_event_is_one_line_with_the_priority_that_journald_reads(String level, String priority) {
        var event = new LogRecord(Level.parse(level), "repaired: {0}");
        event.setParameters(new Object[] {"a link"});
        assertThat(new LogFormat().format(event)).isEqualTo(priority + "repaired: a link\n");
    }

    @Test
    void what_was_thrown_stands_below() {
        var event = new LogRecord(Level.WARNING, "it broke");
        event.setThrown(new IllegalStateException("why"));
        assertThat(new LogFormat().format(event))
                .startsWith("<4>it broke\njava.lang.IllegalStateException: why\n\tat ");
    }

    @ParameterizedTest
    @CsvSource({"ERROR, SEVERE, SEVERE", "WARNING, WARNING, WARNING", "INFO, INFO, WARNING", "DEBUG, FINE, INFO"})
    void the_level_is_that_of_Weft_and_libraries_are_never_louder_than_usual(
            LogLevel level, String ours, String libraries) {
        var all = Logger.getLogger("");
        var before = List.of(all.getHandlers());
        var levelBefore = all.getLevel();
        try {
            LogFormat.install(level);
            assertThat(Logger.getLogger("dev.weft").getLevel()).isEqualTo(Level.parse(ours));
            assertThat(all.getLevel()).isEqualTo(Level.parse(libraries));
            assertThat(all.getHandlers())
                    .singleElement()
                    .satisfies(handler -> assertThat(handler.getLevel()).isEqualTo(Level.ALL));
        } finally {
            Arrays.stream(all.getHandlers()).forEach(all::removeHandler);
            before.forEach(all::addHandler);
            all.setLevel(levelBefore);
            Logger.getLogger("dev.weft").setLevel(null);
        }
    }
}
