package dev.weft.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DurationTextTest {
    @ParameterizedTest
    @CsvSource({
        "200ms, PT0.2S, 200ms",
        "30s, PT30S, 30s",
        "90s, PT1M30S, 90s",
        "120s, PT2M, 2m",
        "2m, PT2M, 2m",
        "24h, PT24H, 24h",
        "1500ms, PT1.5S, 1500ms",
        "0s, PT0S, 0h",
        "999999999h, PT999999999H, 999999999h",
    })
    void a_number_and_a_unit_are_read_and_written_in_the_largest_unit(String text, Duration duration, String written) {
        assertThat(DurationText.parse(text)).isEqualTo(duration);
        assertThat(DurationText.of(duration)).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "m", "2 m", "-2m", "1.5s", "2M", "2d", "1m30s", "9999999999s"})
    void anything_else_is_refused(String text) {
        assertThatThrownBy(() -> DurationText.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
