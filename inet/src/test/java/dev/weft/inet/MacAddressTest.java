package dev.weft.inet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MacAddressTest {
    @Test
    void text_and_bytes_are_two_forms_of_the_same_address() {
        byte[] bytes = {0x02, 0x42, 0x0a, 0x00, (byte) 0xff, 0x05};
        assertThat(MacAddress.parse("02:42:0A:0:ff:05")).isEqualTo(MacAddress.of(bytes));
        assertThat(MacAddress.of(bytes)).hasToString("02:42:0a:00:ff:05");
        assertThat(MacAddress.of(bytes).toBytes()).isEqualTo(bytes);
    }

    @Test
    void the_lowest_bit_of_the_first_byte_marks_a_group() {
        assertThat(MacAddress.parse("01:00:5e:00:00:01").isMulticast()).isTrue();
        assertThat(MacAddress.parse("fe:ff:ff:ff:ff:ff").isMulticast()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "02:42", "02:42:0a:00:00:05:06", "02-42-0a-00-00-05", "02:42:0a:00:00:0g", "::::: "})
    void anything_else_is_refused_and_quoted(String text) {
        assertThatThrownBy(() -> MacAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text + "' is not a MAC address, such as 02:42:0a:00:00:05");
    }
}
