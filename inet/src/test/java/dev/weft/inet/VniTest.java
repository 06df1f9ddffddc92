package dev.weft.inet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class VniTest {
    @Test
    void the_largest_has_24_bits() {
        assertThat(new Vni(16_777_215)).hasToString("16777215");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 16_777_216})
    void anything_outside_24_bits_and_zero_are_refused(int value) {
        assertThatThrownBy(() -> new Vni(value)).hasMessage("VNI " + value + " is not between 1 and 16777215");
    }
}
