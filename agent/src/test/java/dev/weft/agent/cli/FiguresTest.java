package dev.weft.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FiguresTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 s",
        "59, 59 s",
        "60, 1 min 0 s",
        "3599, 59 min 59 s",
        "3600, 1 h 0 min",
        "86399, 23 h 59 min",
        "86400, 1 d 0 h",
        "273600, 3 d 4 h"
    })
    void a_time_is_told_in_its_two_largest_units(long seconds, String text) {
        assertThat(Figures.seconds(seconds)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 bytes",
        "1023, 1023 bytes",
        "1024, 1 KiB",
        "1048575, 1023 KiB",
        "1048576, 1.0 MiB",
        "1363149, 1.3 MiB"
    })
    void sizes(long bytes, String text) {
        assertThat(Figures.bytes(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"254, 254", "4294967295, 4294967295", "4294967296, 2^32", "4611686018427387903, 2^62"})
    void what_nobody_counts_is_told_as_a_power_of_two(long number, String text) {
        assertThat(Figures.addresses(number)).isEqualTo(text);
    }

    @Test
    void one_is_not_many() {
        assertThat(Figures.count(1, "network")).isEqualTo("1 network");
        assertThat(Figures.count(0, "network")).isEqualTo("0 networks");
    }
}
