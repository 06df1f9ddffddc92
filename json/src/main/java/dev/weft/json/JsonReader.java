package dev.weft.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads JSON as RFC 8259 defines it and nothing beside: no trailing commas, no comments, nothing behind the value.
///
/// What the RFC leaves open is refused, since readers differ in it: a name twice in one object, and half a surrogate
/// pair. Depth and the number of values are limited, so that 1 MiB of brackets takes neither the stack nor the heap.
final class JsonReader {
    /// Levels of objects and lists; engines' bodies have 4.
    static final int DEPTH = 32;

    private final String text;
    private final int limit;
    private int position;
    private int values;

    private JsonReader(String text, int limit) {
        this.text = text;
        this.limit = limit;
    }

    /// Values are maps, lists, text, booleans, null, `Long`, and `Double` for numbers with a fraction, an exponent or
    /// more than 63 bits.
    ///
    /// @param limit values in it, at most
    /// @throws IllegalArgumentException saying what is where, to be put behind a colon
    static Map<String, @Nullable Object> object(String text, int limit) {
        var reader = new JsonReader(text, limit);
        reader.start('{');
        var object = reader.object(1);
        reader.end();
        return object;
    }

    /// A list as the whole text; as [#object].
    static List<@Nullable Object> list(String text, int limit) {
        var reader = new JsonReader(text, limit);
        reader.start('[');
        var list = reader.list(1);
        reader.end();
        return list;
    }

    private void start(char bracket) {
        skipSpace();
        if (!at(bracket)) {
            throw unexpected(String.valueOf(bracket));
        }
    }

    private void end() {
        skipSpace();
        if (position < text.length()) {
            throw unexpected("the end");
        }
    }

    private Map<String, @Nullable Object> object(int depth) {
        var object = new LinkedHashMap<String, @Nullable Object>(4);
        position++;
        skipSpace();
        if (take('}')) {
            return object;
        }
        do {
            skipSpace();
            int start = position;
            if (!at('"')) {
                throw unexpected("a name in double quotes");
            }
            var name = string();
            if (object.containsKey(name)) {
                throw new IllegalArgumentException(
                        "the name " + PlainText.quoted(name) + " comes a second time at character " + (start + 1));
            }
            skipSpace();
            if (!take(':')) {
                throw unexpected("a colon");
            }
            object.put(name, value(depth));
            skipSpace();
        } while (take(','));
        if (!take('}')) {
            throw unexpected("a comma or }");
        }
        return object;
    }

    private List<@Nullable Object> list(int depth) {
        var list = new ArrayList<@Nullable Object>(1);
        position++;
        skipSpace();
        if (take(']')) {
            return list;
        }
        do {
            list.add(value(depth));
            skipSpace();
        } while (take(','));
        if (!take(']')) {
            throw unexpected("a comma or ]");
        }
        return list;
    }

    private @Nullable Object value(int depth) {
        skipSpace();
        if (++values > limit) {
            throw new IllegalArgumentException("it has more than " + limit + " values");
        }
        if (depth == DEPTH && (at('{') || at('['))) {
            throw new IllegalArgumentException(
                    "it is nested more than " + DEPTH + " levels deep at character " + (position + 1));
        }
        return switch (peek()) {
            case '{' -> object(depth + 1);
            case '[' -> list(depth + 1);
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private @Nullable Object word(String word, @Nullable Object meaning) {
        for (int i = 0; i < word.length(); i++) {
            if (!take(word.charAt(i))) {
                throw unexpected("a value");
            }
        }
        return meaning;
    }

    private Number number() {
        int start = position;
        boolean negative = take('-');
        if (!atDigit()) {
            throw unexpected(negative ? "a digit" : "a value");
        }
        if (!take('0')) {
            digits();
        }
        boolean whole = true;
        if (take('.')) {
            digits();
            whole = false;
        }
        if (take('e') || take('E')) {
            var _ = take('+') || take('-');
            digits();
            whole = false;
        }
        var literal = text.substring(start, position);
        if (whole && literal.length() <= 20) {
            try {
                return Long.valueOf(literal);
            } catch (NumberFormatException moreThan63Bits) {
                return Double.valueOf(literal);
            }
        }
        return Double.valueOf(literal);
    }

    private void digits() {
        if (!atDigit()) {
            throw unexpected("a digit");
        }
        while (atDigit()) {
            position++;
        }
    }

    private String string() {
        int start = ++position;
        while (peek() != '"' && peek() != '\\') {
            position = behindCharacter();
        }
        if (take('"')) {
            return text.substring(start, position - 1);
        }
        var string = new StringBuilder(text.substring(start, position));
        while (!take('"')) {
            if (at('\\')) {
                escape(string);
            } else {
                int end = behindCharacter();
                string.append(text, position, end);
                position = end;
            }
        }
        return string.toString();
    }

    /// Where the character at the position ends, which stands in a string as itself.
    private int behindCharacter() {
        if (position >= text.length()) {
            throw unexpected("the end of a text");
        }
        char c = text.charAt(position);
        if (c < ' ') {
            throw unexpected("an escape for it");
        }
        boolean pair = Character.isHighSurrogate(c)
                && position + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(position + 1));
        if (Character.isSurrogate(c) && !pair) {
            throw loneSurrogate(position);
        }
        return position + (pair ? 2 : 1);
    }

    private void escape(StringBuilder string) {
        int start = position++;
        char c = peek();
        int index = "\"\\/bfnrt".indexOf(c);
        if (index >= 0) {
            string.append("\"\\/\b\f\n\r\t".charAt(index));
            position++;
        } else if (c == 'u') {
            char unit = unit();
            string.append(unit);
            if (Character.isHighSurrogate(unit)) {
                if (!text.startsWith("\\u", position)) {
                    throw loneSurrogate(start);
                }
                position++;
                char low = unit();
                if (!Character.isLowSurrogate(low)) {
                    throw loneSurrogate(start);
                }
                string.append(low);
            } else if (Character.isLowSurrogate(unit)) {
                throw loneSurrogate(start);
            }
        } else {
            throw unexpected("one of \" \\ / b f n r t u");
        }
    }

    /// The four hexadecimal digits behind a `u`.
    private char unit() {
        position++;
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            int digit = peek() < 128 ? Character.digit(peek(), 16) : -1;
            if (digit < 0) {
                throw unexpected("a hexadecimal digit");
            }
            unit = unit << 4 | digit;
            position++;
        }
        return (char) unit;
    }

    private static IllegalArgumentException loneSurrogate(int position) {
        return new IllegalArgumentException("half a surrogate pair stands at character " + (position + 1));
    }

    private void skipSpace() {
        while (at(' ') || at('\n') || at('\r') || at('\t')) {
            position++;
        }
    }

    private boolean atDigit() {
        return peek() >= '0' && peek() <= '9';
    }

    private boolean at(char c) {
        return position < text.length() && text.charAt(position) == c;
    }

    private boolean take(char c) {
        boolean there = at(c);
        if (there) {
            position++;
        }
        return there;
    }

    /// A control character at the end, where none that is looked for can be.
    private char peek() {
        return position < text.length() ? text.charAt(position) : '\0';
    }

    private IllegalArgumentException unexpected(String needed) {
        if (position >= text.length()) {
            return new IllegalArgumentException("it ends where " + needed + " is needed");
        }
        int end = position + Character.charCount(text.codePointAt(position));
        return new IllegalArgumentException("character " + (position + 1) + " is "
                + PlainText.quoted(text.substring(position, end)) + " where " + needed + " is needed");
    }
}
