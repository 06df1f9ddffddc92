package dev.weft.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class JsonObjectTest {
    @Test
    void null_and_empty_text_are_the_same_as_nothing() {
        var object = JsonObject.parse("the answer", "{\"a\":null,\"b\":\"\"}");
        assertThat(object.optionalString("a")).isNull();
        assertThat(object.optionalString("b")).isNull();
        assertThat(object.optionalString("c")).isNull();
        assertThat(object.flag("a", true)).isTrue();
        assertThat(object.number("a", 9)).isZero();
        assertThat(object.objects("a")).isEmpty();
        assertThat(object.object("a").values()).isEmpty();
        assertThat(object.map("a", Function.identity())).isEmpty();
    }

    @Test
    void fields_of_every_kind_are_read() {
        var object = JsonObject.parse("the answer", """
                {"text":"a","on":true,"count":7,"list":["x","y"],"map":{"k":"v"},"inner":{"deep":[{"n":1}]}}""");
        assertThat(object.string("text")).isEqualTo("a");
        assertThat(object.flag("on", false)).isTrue();
        assertThat(object.number("count", 7)).isEqualTo(7);
        assertThat(object.strings("list")).containsExactly("x", "y");
        assertThat(object.map("map", Function.identity())).isEqualTo(Map.of("k", "v"));
        assertThat(object.object("inner").objects("deep"))
                .extracting(deep -> deep.number("n", 9))
                .containsExactly(1);
    }

    @Test
    void a_list_as_the_whole_text_is_a_list_of_objects_that_know_their_place() {
        var list = JsonObject.parseList("the answer", " [{\"a\":\"x\"},{\"a\":7}] ", 100);
        assertThat(list).hasSize(2);
        assertThat(list.getFirst().string("a")).isEqualTo("x");
        assertThatThrownBy(() -> list.getLast().string("a"))
                .isInstanceOf(MalformedJson.class)
                .hasMessage("the answer's field [1].a is not text");
        assertThat(JsonObject.parseList("the answer", "[]", 100)).isEqualTo(List.of());
    }

    @Test
    void anything_else_is_no_list_of_objects() {
        assertThatThrownBy(() -> JsonObject.parseList("the answer", "{}", 100))
                .isInstanceOf(MalformedJson.class)
                .hasMessage("the answer's body is not a JSON list: character 1 is '{' where [ is needed");
        assertThatThrownBy(() -> JsonObject.parseList("the answer", "[{},7]", 100))
                .hasMessage("the answer's field [1] is not an object");
        assertThatThrownBy(() -> JsonObject.parseList("the answer", "[{}", 100))
                .hasMessage("the answer's body is not a JSON list: it ends where a comma or ] is needed");
    }

    @Test
    void the_number_of_values_is_limited_as_the_reader_wishes() {
        assertThat(JsonObject.parseList("the answer", "[{},{}]", 2)).hasSize(2);
        assertThatThrownBy(() -> JsonObject.parseList("the answer", "[{},{},{}]", 2))
                .hasMessage("the answer's body is not a JSON list: it has more than 2 values");
        assertThatThrownBy(() -> JsonObject.parse("the answer", "{\"a\":[1,2]}", 2))
                .hasMessage("the answer's body is not a JSON object: it has more than 2 values");
    }

    @Test
    void a_number_has_a_range() {
        var object = JsonObject.parse("the answer", "{\"a\":-1,\"b\":4294967295}");
        assertThat(object.number("a", -1, 0)).isEqualTo(-1);
        assertThat(object.number("b", 0, 4294967295L)).isEqualTo(4294967295L);
        assertThatThrownBy(() -> object.number("a", 0, 1))
                .hasMessage("the answer's field a is -1, not a whole number from 0 to 1");
        assertThatThrownBy(() -> object.number("b", 7))
                .hasMessage("the answer's field b is 4294967295, not a whole number from 0 to 7");
    }
}
