package dev.weft.plugin.wire;

import io.avaje.json.JsonException;
import io.avaje.json.mapper.JsonMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A JSON object being read, which knows its place in the body so that errors can name it. Unknown fields are ignored,
/// null counts as absent, and so do the empty strings that engines send for "none".
///
/// @param message "the call", or "the answer"
/// @param place   such as `IPv4Data[0].`; empty for the body itself
public record Fields(String message, String place, Map<String, Object> values) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// @throws MalformedCall also if there is no body, which is how engines repeat a call whose connection died
    public static Fields parse(String body) {
        if (body.isBlank()) {
            throw new MalformedCall("the call came without a body, as engines repeat a call that the plugin left "
                    + "unanswered. Run the docker command again.");
        }
        return parse("the call", body);
    }

    /// @throws MalformedCall if the body is not a JSON object
    public static Fields parse(String message, String body) {
        try {
            return new Fields(message, "", JSON.fromJsonObject(body));
        } catch (JsonException | StackOverflowError notJson) {
            throw new MalformedCall(message + "'s body is not a JSON object");
        }
    }

    public String string(String name) {
        var value = optionalString(name);
        if (value == null) {
            throw malformed(name, "is missing");
        }
        return value;
    }

    public @Nullable String optionalString(String name) {
        var value = get(name, String.class, "text");
        return value == null || value.isEmpty() ? null : value;
    }

    public <T> @Nullable T optional(String name, Function<String, T> parser) {
        var text = optionalString(name);
        return text == null ? null : parse(name, text, parser);
    }

    public <T> T required(String name, Function<String, T> parser) {
        return parse(name, string(name), parser);
    }

    public boolean flag(String name, boolean absent) {
        var value = get(name, Boolean.class, "true or false");
        return value == null ? absent : value;
    }

    public int number(String name) {
        var value = get(name, Long.class, "a whole number");
        if (value == null) {
            return 0;
        }
        try {
            return Math.toIntExact(value);
        } catch (ArithmeticException tooLarge) {
            throw malformed(name, "is too large a number");
        }
    }

    /// Without fields if absent.
    public Fields object(String name) {
        return fields(place + name, get(name, Map.class, "an object"));
    }

    /// Empty if absent.
    public List<Fields> objects(String name) {
        var list = list(name);
        var objects = new java.util.ArrayList<Fields>();
        for (int i = 0; i < list.size(); i++) {
            if (!(list.get(i) instanceof Map<?, ?> map)) {
                throw malformed(name + "[" + i + "]", "is not an object");
            }
            objects.add(fields(place + name + "[" + i + "]", map));
        }
        return objects;
    }

    /// Empty if absent.
    public List<String> strings(String name) {
        return list(name).stream().map(String::valueOf).toList();
    }

    /// Empty if absent.
    public <T> Map<String, T> map(String name, Function<String, T> parser) {
        var object = object(name);
        var map = new LinkedHashMap<String, T>();
        object.values.keySet().forEach(key -> {
            var text = object.get(key, String.class, "text");
            if (text != null) {
                map.put(key, object.parse(key, text, parser));
            }
        });
        return map;
    }

    private List<?> list(String name) {
        var list = get(name, List.class, "a list");
        return list == null ? List.of() : list;
    }

    private Fields fields(String inner, @Nullable Map<?, ?> map) {
        var inside = new LinkedHashMap<String, Object>();
        if (map != null) {
            map.forEach((key, value) -> inside.put((String) key, value));
        }
        return new Fields(message, inner + ".", inside);
    }

    private <T> T parse(String name, String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException invalid) {
            throw malformed(name, "is wrong: " + invalid.getMessage());
        }
    }

    private <T> @Nullable T get(String name, Class<T> kind, String expected) {
        var value = values.get(name);
        if (value != null && !kind.isInstance(value)) {
            throw malformed(name, "is not " + expected);
        }
        return kind.cast(value);
    }

    private MalformedCall malformed(String name, String problem) {
        return new MalformedCall(message + "'s field " + place + name + " " + problem);
    }
}
