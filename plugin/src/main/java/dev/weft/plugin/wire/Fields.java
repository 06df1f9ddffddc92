package dev.weft.plugin.wire;

import dev.weft.plugin.Refusal;
import java.util.ArrayList;
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
            return new Fields(message, "", withoutNulls(JsonReader.object(body)));
        } catch (IllegalArgumentException notJson) {
            throw new MalformedCall(message + "'s body is not a JSON object: " + notJson.getMessage());
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

    /// From 0 on; 0 if absent.
    public int number(String name, int largest) {
        var value = get(name, Number.class, "a number");
        if (value == null) {
            return 0;
        }
        if (value instanceof Long whole && whole >= 0 && whole <= largest) {
            return whole.intValue();
        }
        throw malformed(name, "is " + value + ", not a whole number from 0 to " + largest);
    }

    /// Without fields if absent.
    public Fields object(String name) {
        return fields(place + name, get(name, Map.class, "an object"));
    }

    /// Empty if absent.
    public List<Fields> objects(String name) {
        var list = list(name);
        var objects = new ArrayList<Fields>();
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
        var list = list(name);
        var strings = new ArrayList<String>();
        for (int i = 0; i < list.size(); i++) {
            if (!(list.get(i) instanceof String text)) {
                throw malformed(name + "[" + i + "]", "is not text");
            }
            strings.add(text);
        }
        return strings;
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
        return new Fields(message, inner + ".", map == null ? Map.of() : withoutNulls(map));
    }

    private static Map<String, Object> withoutNulls(Map<?, ?> object) {
        var values = new LinkedHashMap<String, Object>();
        object.forEach((name, value) -> {
            if (value != null) {
                values.put((String) name, value);
            }
        });
        return values;
    }

    private <T> T parse(String name, String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException invalid) {
            throw malformed(name, "is wrong: " + (isPlain(text) ? invalid.getMessage() : Refusal.quoted(text)));
        }
    }

    /// Whether it can stand in a sentence as it is.
    private static boolean isPlain(String text) {
        return Refusal.quoted(text).equals("'" + text + "'");
    }

    private <T> @Nullable T get(String name, Class<T> kind, String expected) {
        var value = values.get(name);
        if (value != null && !kind.isInstance(value)) {
            throw malformed(name, "is not " + expected);
        }
        return kind.cast(value);
    }

    private MalformedCall malformed(String name, String problem) {
        var field = place + name;
        return new MalformedCall(
                message + "'s field " + (isPlain(field) ? field : Refusal.quoted(field)) + " " + problem);
    }
}
