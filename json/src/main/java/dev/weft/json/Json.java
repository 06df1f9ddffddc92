package dev.weft.json;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes JSON as Go's `encoding/json` does, byte for byte: no spaces, and `<`, `>`, `&` and the line separators
/// escaped.
public final class Json {
    private Json() {}

    /// @param value of maps, lists, text, booleans, numbers and null
    /// @throws IllegalArgumentException if there is anything else in it, or a number that JSON does not have
    public static String write(@Nullable Object value) {
        var out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private static void write(@Nullable Object value, StringBuilder out) {
        switch (value) {
            case null -> out.append("null");
            case String text -> text(text, out);
            case Boolean flag -> out.append(flag.booleanValue());
            case Double number
            when !Double.isFinite(number) -> throw new IllegalArgumentException(number + " is no number of JSON");
            case Float number
            when !Float.isFinite(number) -> throw new IllegalArgumentException(number + " is no number of JSON");
            case Number number -> out.append(number);
            case List<?> list -> {
                out.append('[');
                var comma = "";
                for (var item : list) {
                    out.append(comma);
                    write(item, out);
                    comma = ",";
                }
                out.append(']');
            }
            case Map<?, ?> map -> {
                out.append('{');
                var comma = "";
                for (var entry : map.entrySet()) {
                    out.append(comma);
                    text(String.valueOf(entry.getKey()), out);
                    out.append(':');
                    write(entry.getValue(), out);
                    comma = ",";
                }
                out.append('}');
            }
            default ->
                throw new IllegalArgumentException(
                        "JSON has no " + value.getClass().getName());
        }
    }

    private static void text(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || c == '<' || c == '>' || c == '&' || c == '\u2028' || c == '\u2029') {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
