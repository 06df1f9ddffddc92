package dev.weft.plugin.wire;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.json.Json;
import dev.weft.json.MalformedJson;
import io.avaje.json.mapper.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Keeps docs/protocol.md true. Its examples are what this module writes (`-Dweft.write=true` puts them in again); its
/// tables have exactly the fields of these, with their types; and no recorded request has a field that they lack.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ProtocolPageTest {
    private static final Path PAGE = Path.of("..", "docs", "protocol.md");
    /// Maps whose keys people choose.
    private static final Pattern OF_THE_USERS_CHOICE = Pattern.compile(
            "Options\\.com\\.docker\\.network\\.generic\\..+|IPv[46]Data\\[]\\.AuxAddresses\\..+|(Options|Data|Value)\\.[a-z0-9]+"
                    + "|Options\\.com\\.docker\\.network\\.ipam\\.serial");

    static List<Call<?, ?>> calls() {
        return Protocol.CALLS;
    }

    @Test
    void the_page_has_a_section_for_each_call_in_their_order() throws IOException {
        assertThat(Pattern.compile("(?m)^### `(.*)`$")
                        .matcher(Files.readString(PAGE))
                        .results()
                        .map(section -> "/" + section.group(1)))
                .containsExactlyElementsOf(
                        Protocol.CALLS.stream().map(Call::path).toList());
    }

    @Test
    void the_examples_are_what_is_written() throws IOException {
        var page = Files.readString(PAGE);
        var expected = page;
        for (var call : Protocol.CALLS) {
            var start = "### `" + call.path().substring(1) + "`\n\n```json\n";
            int at = expected.indexOf(start) + start.length();
            int end = expected.indexOf("```", at);
            assertThat(at).as(call.path()).isGreaterThan(start.length());
            expected = expected.substring(0, at) + examples(call) + expected.substring(end);
        }
        if (Boolean.getBoolean("weft.write")) {
            Files.writeString(PAGE, expected);
        }
        assertThat(Files.readString(PAGE)).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void the_tables_have_exactly_the_fields_with_their_types(Call<?, ?> call) throws IOException {
        var written = new TreeMap<String, String>();
        types("→ ", Samples.request(call), written);
        types("← ", Samples.answer(call), written);
        assertThat(table(call)).isEqualTo(written);
    }

    /// What a field of the page says must make a difference to what the driver gets.
    @ParameterizedTest
    @MethodSource("calls")
    void every_field_of_a_request_is_read(Call<?, ?> call) {
        var whole = Json.write(Samples.request(call));
        var leaves = new ArrayList<List<Object>>();
        leaves(List.of(), Samples.request(call), leaves);
        for (var leaf : leaves) {
            if (leaf.getLast().equals("IP") || leaf.getLast().equals("RouteType")) {
                continue; // said by other fields, or always empty: see the page
            }
            assertThat(read(call, changed(whole, leaf))).as("%s", leaf).isNotEqualTo(read(call, whole));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"20.10", "28.5"})
    void every_field_that_an_engine_sent_is_on_the_page(String engine) throws IOException {
        var json = JsonMapper.builder().build();
        try (var in = ProtocolPageTest.class.getResourceAsStream("/recordings/" + engine + ".jsonl")) {
            var lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            assertThat(lines).isNotEmpty();
            for (var line : lines) {
                var request = json.fromJsonObject(line);
                var body = (String) request.get("body");
                var sent = new TreeMap<String, String>();
                types("→ ", body.isEmpty() ? Map.of() : json.fromJsonObject(body), sent);
                var fields = table(called(request)).keySet();
                // null instead of an object or a list
                sent.keySet()
                        .removeIf(field ->
                                fields.stream().anyMatch(inner -> inner.matches("\\Q" + field + "\\E(\\.|\\[).*")));
                assertThat(fields).as(line).containsAll(sent.keySet());
            }
        }
    }

    private static Call<?, ?> called(Map<String, Object> request) {
        return Protocol.CALLS.stream()
                .filter(call -> call.path().equals(request.get("path")))
                .findFirst()
                .orElseThrow();
    }

    private static Object read(Call<?, ?> call, String body) {
        try {
            return call.read(body);
        } catch (MalformedJson refused) {
            return String.valueOf(refused.getMessage());
        }
    }

    /// A flag is turned over, anything else taken away.
    @SuppressWarnings("unchecked")
    private static String changed(String body, List<Object> leaf) {
        var copy = JsonMapper.builder().build().fromJsonObject(body);
        Object inside = copy;
        for (var step : leaf.subList(0, leaf.size() - 1)) {
            inside = step instanceof Integer index ? ((List<?>) inside).get(index) : ((Map<?, ?>) inside).get(step);
        }
        if (inside instanceof List<?> list) {
            list.remove((int) leaf.getLast());
        } else {
            ((Map<Object, Object>) inside)
                    .compute(leaf.getLast(), (_, value) -> value instanceof Boolean flag ? (Object) !flag : null);
        }
        return Json.write(copy);
    }

    private static void leaves(List<Object> place, @Nullable Object value, List<List<Object>> leaves) {
        switch (value) {
            case Map<?, ?> map -> map.forEach((key, inner) -> leaves(append(place, key), inner, leaves));
            case null -> leaves.add(place);
            case List<?> list -> {
                for (int i = 0; i < list.size(); i++) {
                    leaves(append(place, i), list.get(i), leaves);
                }
            }
            default -> leaves.add(place);
        }
    }

    private static List<Object> append(List<Object> place, Object step) {
        var longer = new ArrayList<>(place);
        longer.add(step);
        return longer;
    }

    private static String examples(Call<?, ?> call) {
        var answer = Samples.answer(call);
        return "POST " + call.path() + "\n"
                + (call.hasBody() ? pretty(Samples.request(call), "") + "\n" : "")
                + "\nHTTP/1.1 200 OK\n" + pretty(answer, "") + "\n";
    }

    /// One line for what fits in one.
    private static String pretty(@Nullable Object value, String indent) {
        var flat = Json.write(value);
        if (indent.length() + flat.length() <= 100) {
            return flat;
        }
        var deeper = indent + "  ";
        return switch (value) {
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(entry -> deeper + Json.write(entry.getKey()) + ": " + pretty(entry.getValue(), deeper))
                        .collect(joining(",\n", "{\n", "\n" + indent + "}"));
            case List<?> list ->
                list.stream()
                        .map(item -> deeper + pretty(item, deeper))
                        .collect(joining(",\n", "[\n", "\n" + indent + "]"));
            case null, default -> flat;
        };
    }

    private static void types(String place, Object value, Map<String, String> types) {
        switch (value) {
            case Map<?, ?> map ->
                map.forEach((key, inner) -> {
                    var name = place + key;
                    if (inner instanceof Map<?, ?> || inner instanceof List<?>) {
                        types(name + (inner instanceof Map<?, ?> ? "." : "[]"), inner, types);
                    } else {
                        types.put(general(name), type(inner));
                    }
                });
            case List<?> list -> {
                for (var item : list) {
                    if (item instanceof Map<?, ?>) {
                        types(place + ".", item, types);
                    } else {
                        types.put(place, type(item));
                    }
                }
            }
            default -> throw new AssertionError(value);
        }
    }

    private static String general(String name) {
        var arrow = name.substring(0, 2);
        var field = name.substring(2);
        if (OF_THE_USERS_CHOICE.matcher(field).matches()) {
            for (var map : List.of("generic", "AuxAddresses")) {
                if (field.contains(map + ".")) {
                    return arrow + field.substring(0, field.indexOf(map)) + map + ".*";
                }
            }
            return arrow + field.substring(0, field.indexOf('.')) + ".*";
        }
        return name;
    }

    private static String type(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case String _ -> "text";
            case Boolean _ -> "true or false";
            case Number _ -> "number";
            default -> throw new AssertionError(value);
        };
    }

    private static Map<String, String> table(Call<?, ?> call) throws IOException {
        var page = Files.readString(PAGE);
        var own = section(page, "### `" + call.path().substring(1) + "`");
        var rows = rows(own);
        if (own.contains("](#options-of-an-endpoint)")) {
            var name = call.path().substring(call.path().indexOf('.') + 1);
            var options = section(page, "## Options of an endpoint")
                    .lines()
                    .filter(line -> ofCall(line, name))
                    .collect(joining("\n"));
            rows.putAll(rows(options));
        }
        return rows;
    }

    /// By the fifth column, which only the options of an endpoint have.
    private static boolean ofCall(String row, String name) {
        var cells = row.split("\\|");
        return cells.length > 5
                && List.of(cells[5].strip().split(", ")).stream()
                        .anyMatch(cell -> cell.equals("all") || cell.equals(name));
    }

    private static String section(String page, String heading) {
        int start = page.indexOf(heading + "\n");
        assertThat(start).as(heading).isNotNegative();
        int next = page.indexOf("\n##", start + 1);
        return page.substring(start, next < 0 ? page.length() : next);
    }

    /// Field and type: the first two columns.
    private static Map<String, String> rows(String section) {
        var rows = new TreeMap<String, String>();
        section.lines()
                .filter(line -> line.startsWith("| →") || line.startsWith("| ←"))
                .map(line -> line.split("\\|"))
                .forEach(cells -> rows.put(cells[1].strip().replace("`", ""), cells[2].strip()));
        return rows;
    }
}
