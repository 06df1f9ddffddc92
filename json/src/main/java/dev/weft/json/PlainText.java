package dev.weft.json;

import static java.util.stream.Collectors.joining;

/// Text of others as it may stand in a sentence: JSON's escapes for what would break the line, move the cursor or not
/// be
/// seen.
public final class PlainText {
    /// Characters of a value that a sentence repeats: an id is whole.
    private static final int QUOTED = 64;

    private PlainText() {}

    /// In quotes, and only the first 64 characters.
    public static String quoted(String value) {
        var start = escaped(value, QUOTED);
        int length = value.codePointCount(0, value.length());
        return length > QUOTED ? "'" + start + "…' (" + length + " characters)" : "'" + start + "'";
    }

    /// Whole, without quotes.
    public static String escaped(String text) {
        return escaped(text, Integer.MAX_VALUE);
    }

    private static String escaped(String text, int longest) {
        return text.codePoints().limit(longest).mapToObj(PlainText::visible).collect(joining());
    }

    private static String visible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> "\\u%04x".formatted(codePoint);
            default -> Character.toString(codePoint);
        };
    }
}
