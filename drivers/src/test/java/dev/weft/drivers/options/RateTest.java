package dev.weft.drivers.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RateTest {
    @ParameterizedTest
    @CsvSource({
        "8kbit, 8000, 8kbit",
        "10mbit, 10000000, 10mbit",
        "1.5Mbit, 1500000, 1500kbit",
        "8001bit, 8001, 8001bit",
        "100GBIT, 100000000000, 100gbit"
    })
    void a_rate_is_a_number_with_a_unit(String text, long bitsPerSecond, String shortest) {
        assertThat(Rate.parse(text).bitsPerSecond()).isEqualTo(bitsPerSecond);
        assertThat(Rate.parse(text)).hasToString(shortest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "10mb", "10mbps", "10 mbit", "-1mbit", "mbit", "1e3mbit", "10mbit/s"})
    void what_is_none_is_refused_with_an_example(String text) {
        assertThatThrownBy(() -> Rate.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a rate is a number with a unit, bit, kbit, mbit or gbit a second, such as 10mbit");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0mbit", "7999bit", "101gbit", "999999999999gbit"})
    void a_rate_that_no_link_keeps_is_refused_with_the_range(String text) {
        assertThatThrownBy(() -> Rate.parse(text)).hasMessage("a rate is from 8kbit to 100gbit");
    }
}
