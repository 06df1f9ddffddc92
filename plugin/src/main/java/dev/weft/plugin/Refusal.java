package dev.weft.plugin;

import static java.util.stream.Collectors.joining;

import org.jspecify.annotations.Nullable;

/// The driver's "no" to a call. The message ends up in the output of the docker command: what was being done, what
/// happened, what to do; one line, no class names.
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// Characters of a value that a sentence repeats: an id is whole.
    private static final int QUOTED = 64;

    /// With the sentence alone.
    ///
    /// @param message without line breaks: they become spaces
    public Refusal(String message) {
        super(sentence(message));
    }

    /// With the failure behind it.
    ///
    /// @param cause for the log, which then has a stack trace; the person sees the message alone
    public Refusal(String message, Throwable cause) {
        super(sentence(message), cause);
    }

    /// An engine takes an empty one for success, and prints the rest as it is.
    private static String sentence(@Nullable String message) {
        if (message == null || message.isBlank()) {
            return "the plugin refused and does not say why";
        }
        return message.strip()
                .replaceAll("\\s+", " ")
                .codePoints()
                .mapToObj(Refusal::visible)
                .collect(joining());
    }

    /// What somebody sent, as it may stand in a sentence: in quotes, its first 64 characters, and JSON's escapes for
    /// what would break the line, move the cursor or not be seen.
    public static String quoted(String value) {
        var start = value.codePoints().limit(QUOTED).mapToObj(Refusal::visible).collect(joining());
        int length = value.codePointCount(0, value.length());
        return length > QUOTED ? "'" + start + "…' (" + length + " characters)" : "'" + start + "'";
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
