package dev.weft.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A JSON object being read, which knows its place in the text so that errors can name it. Unknown fields are ignored,
/// null counts as absent, and so do the empty strings that engines send for "none".
///
/// @param message what is read: "the call", "the answer"
/// @param place   such as `IPv4Data[0].`; empty for the whole text
public record JsonObject(String message, String place, Map<String, Object> values) {
    /// As many values as 10 000 published ports have, whose body is near the plugin server's limit of 1 MiB.
    static final int VALUES = 100_000;

    /// @throws MalformedJson if the text is not a JSON object, or has more than 100 000 values
    public static JsonObject parse(String message, String text) {
        return parse(message, text, VALUES);
    }

    /// @param limit values in it, at most: each takes some ten times the memory of its text
    /// @throws MalformedJson if the text is not a JSON object, or has more values
    public static JsonObject parse(String message, String text, int limit) {
        try {
            return new JsonObject(message, "", withoutNulls(JsonReader.object(text, limit)));
        } catch (IllegalArgumentException notJson) {
            throw new MalformedJson(message + "'s body is not a JSON object: " + notJson.getMessage());
        }
    }

    /// Reads a list of objects that is the whole text; their places are `[0].`, `[1].` and so on.
    ///
    /// @param limit values in it, at most
    /// @throws MalformedJson if the text is anything else, or has more values
    public static List<JsonObject> parseList(String message, String text, int limit) {
        try {
            return new JsonObject(message, "", Map.of()).objects("", JsonReader.list(text, limit));
        } catch (IllegalArgumentException notJson) {
            throw new MalformedJson(message + "'s body is not a JSON list: " + notJson.getMessage());
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
        return (int) number(name, 0, largest);
    }

    /// 0 if absent.
    public long number(String name, long smallest, long largest) {
        var value = get(name, Number.class, "a number");
        if (value == null) {
            return 0;
        }
        if (value instanceof Long whole && whole >= smallest && whole <= largest) {
            return whole;
        }
        throw malformed(name, "is " + value + ", not a whole number from " + smallest + " to " + largest);
    }

    /// Without fields if absent.
    public JsonObject object(String name) {
        return fields(place + name, get(name, Map.class, "an object"));
    }

    /// Empty if absent.
    public List<JsonObject> objects(String name) {
        return objects(name, list(name));
    }

    private List<JsonObject> objects(String name, List<?> list) {
        var objects = new ArrayList<JsonObject>();
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

    private JsonObject fields(String inner, @Nullable Map<?, ?> map) {
        return new JsonObject(message, inner + ".", map == null ? Map.of() : withoutNulls(map));
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
            throw malformed(name, "is wrong: " + (isPlain(text) ? invalid.getMessage() : PlainText.quoted(text)));
        }
    }

    /// Whether it can stand in a sentence as it is.
    private static boolean isPlain(String text) {
        return PlainText.quoted(text).equals("'" + text + "'");
    }

    private <T> @Nullable T get(String name, Class<T> kind, String expected) {
        var value = values.get(name);
        if (value != null && !kind.isInstance(value)) {
            throw malformed(name, "is not " + expected);
        }
        return kind.cast(value);
    }

    private MalformedJson malformed(String name, String problem) {
        var field = place + name;
        return new MalformedJson(
                message + "'s field " + (isPlain(field) ? field : PlainText.quoted(field)) + " " + problem);
    }
}
