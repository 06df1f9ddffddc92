package dev.weft.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ApiVersionTest {
    @Test
    void versions_are_compared_by_number() {
        assertThat(ApiVersion.parse("1.9")).isLessThan(ApiVersion.parse("1.10"));
        assertThat(ApiVersion.parse("2.0")).isGreaterThan(ApiVersion.parse("1.99"));
        assertThat(ApiVersion.parse("1.41"))
                .isEqualByComparingTo(ApiVersion.OLDEST)
                .hasToString("1.41");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1.", "1.41.2", "v1.41", "1.-1", "1.99999"})
    void anything_else_is_refused(String text) {
        assertThatThrownBy(() -> ApiVersion.parse(text))
                .hasMessage("'" + text + "' is not a version of the Engine API, such as 1.41");
    }
}
