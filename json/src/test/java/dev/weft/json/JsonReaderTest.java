package dev.weft.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class JsonReaderTest {
    private static final int LIMIT = 100_000;

    private static Map<String, Object> object(String text) {
        return JsonReader.object(text, LIMIT);
    }

    @Test
    void every_kind_of_value_is_read() {
        var object = object("""
                \t{"text":"a","list":[1,-0,true,false,null,[],{}],"object":{"n":null},"":""}\r
                """);
        assertThat(object.get("text")).isEqualTo("a");
        assertThat(object.get("list")).isEqualTo(Arrays.asList(1L, 0L, true, false, null, List.of(), Map.of()));
        assertThat(object.get("object")).isEqualTo(Collections.singletonMap("n", null));
        assertThat(object).containsEntry("", "").hasSize(4);
    }

    @Test
    void names_keep_their_order() {
        assertThat(object("{\"b\":1,\"a\":2,\"c\":3}").keySet()).containsExactly("b", "a", "c");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "9223372036854775807, 9223372036854775807",
        "-9223372036854775808, -9223372036854775808",
    })
    void whole_numbers_of_64_bits_are_whole(String literal, long value) {
        assertThat(object("{\"n\":" + literal + "}")).containsEntry("n", value);
    }

    @ParameterizedTest
    @CsvSource({
        "1.0, 1.0",
        "-0.5e-3, -0.0005",
        "1E+2, 100.0",
        "9223372036854775808, 9.223372036854775807E18",
        "123456789012345678901234567890, 1.2345678901234568E29",
        "1e999, Infinity",
    })
    void other_numbers_are_not(String literal, double value) {
        assertThat(object("{\"n\":" + literal + "}")).containsEntry("n", value);
    }

    @Test
    void escapes_are_resolved_and_other_characters_stand_for_themselves() {
        assertThat(object("{\"a\\u0062\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9é\\ud83d\\ude00😀\\u0000\"}"))
                .containsEntry("ab", "\"\\/\b\f\n\r\téé😀😀\0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                     | it ends where { is needed
            garbage                | character 1 is 'g' where { is needed
            []                     | character 1 is '[' where { is needed
            null                   | character 1 is 'n' where { is needed
            "text"                 | character 1 is '"' where { is needed
            7                      | character 1 is '7' where { is needed
            {                      | it ends where a name in double quotes is needed
            {"a                    | it ends where the end of a text is needed
            {"a"                   | it ends where a colon is needed
            {"a" 1}                | character 6 is '1' where a colon is needed
            {"a":                  | it ends where a value is needed
            {"a":1                 | it ends where a comma or } is needed
            {"a":1,}               | character 8 is '}' where a name in double quotes is needed
            {,"a":1}               | character 2 is ',' where a name in double quotes is needed
            {'a':1}                | character 2 is ''' where a name in double quotes is needed
            {a:1}                  | character 2 is 'a' where a name in double quotes is needed
            {"a":1}}               | character 8 is '}' where the end is needed
            {"a":1}{"b":2}         | character 8 is '{' where the end is needed
            {"a":1} garbage        | character 9 is 'g' where the end is needed
            {"a":1 /* b */}        | character 8 is '/' where a comma or } is needed
            {"a":[1,]}             | character 9 is ']' where a value is needed
            {"a":[1 2]}            | character 9 is '2' where a comma or ] is needed
            {"a":tru}              | character 9 is '}' where a value is needed
            {"a":True}             | character 6 is 'T' where a value is needed
            {"a":NaN}              | character 6 is 'N' where a value is needed
            {"a":Infinity}         | character 6 is 'I' where a value is needed
            {"a":-}                | character 7 is '}' where a digit is needed
            {"a":+1}               | character 6 is '+' where a value is needed
            {"a":01}               | character 7 is '1' where a comma or } is needed
            {"a":.5}               | character 6 is '.' where a value is needed
            {"a":1.}               | character 8 is '}' where a digit is needed
            {"a":1e}               | character 8 is '}' where a digit is needed
            {"a":0x10}             | character 7 is 'x' where a comma or } is needed
            {"a":"\\x"}             | character 8 is 'x' where one of " \\ / b f n r t u is needed
            {"a":"\\u12g4"}         | character 11 is 'g' where a hexadecimal digit is needed
            {"a":"\\ud800"}         | half a surrogate pair stands at character 7
            {"a":"\\ud800\\u0041"}   | half a surrogate pair stands at character 7
            {"a":"b\\udc00"}        | half a surrogate pair stands at character 8
            {"a":1,"b":2,"\\u0061":3} | the name 'a' comes a second time at character 14
            """)
    void what_is_no_JSON_is_refused_with_its_place(String text, String problem) {
        assertThatThrownBy(() -> object(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(problem);
    }

    @Test
    void what_cannot_be_seen_is_named_by_its_code() {
        assertThatThrownBy(() -> object("\ufeff{}")).hasMessage("character 1 is '\\ufeff' where { is needed");
        assertThatThrownBy(() -> object("{\"a\":\"b\nc\"}"))
                .hasMessage("character 8 is '\\u000a' where an escape for it is needed");
        assertThatThrownBy(() -> object("{\"a\":\0}")).hasMessage("character 6 is '\\u0000' where a value is needed");
        assertThatThrownBy(() -> object("{\"a\":\u00a01}"))
                .hasMessage("character 6 is '\u00a0' where a value is needed");
    }

    @Test
    void thirty_two_levels_are_read_and_no_more() {
        assertThat(object("{\"a\":" + "[".repeat(31) + "]".repeat(31) + "}")).containsOnlyKeys("a");
        assertThatThrownBy(() -> object("{\"a\":" + "[".repeat(32) + "]".repeat(32) + "}"))
                .hasMessage("it is nested more than 32 levels deep at character 37");
        assertThatThrownBy(() -> object("{\"a\":".repeat(150_000)))
                .hasMessage("it is nested more than 32 levels deep at character 161");
    }

    @Test
    void a_hundred_thousand_values_are_read_and_no_more() {
        assertThat((List<?>) object("{\"a\":[0" + ",0".repeat(99_998) + "]}").get("a"))
                .hasSize(99_999);
        assertThatThrownBy(() -> object("{\"a\":[0" + ",0".repeat(99_999) + "]}"))
                .hasMessage("it has more than 100000 values");
    }

    @Test
    void a_number_as_long_as_a_body_is_read() {
        assertThat(object("{\"a\":" + "9".repeat(1 << 20) + "}")).containsEntry("a", Double.POSITIVE_INFINITY);
    }
}
