package dev.weft.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class JsonTest {
    @Test
    void values_are_written_in_their_order_and_without_spaces() {
        var object = new LinkedHashMap<String, Object>();
        object.put("b", List.of(1, 2L, 0.5, true));
        object.put("a", Arrays.asList(null, List.of()));
        assertThat(Json.write(object)).isEqualTo("{\"b\":[1,2,0.5,true],\"a\":[null,[]]}");
    }

    @Test
    void characters_are_escaped_as_Go_escapes_them() {
        assertThat(Json.write("\"\\/\n\r\t\0<>&\u2028é😀"))
                .isEqualTo("\"\\\"\\\\/\\n\\r\\t\\u0000\\u003c\\u003e\\u0026\\u2028é😀\"");
    }

    @Test
    void what_JSON_does_not_have_is_refused() {
        assertThatThrownBy(() -> Json.write(List.of(Double.NaN))).hasMessage("NaN is no number of JSON");
        assertThatThrownBy(() -> Json.write(new int[0])).hasMessage("JSON has no [I");
    }
}
