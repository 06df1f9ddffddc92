package dev.weft.plugin;

import dev.weft.json.PlainText;
import org.jspecify.annotations.Nullable;

/// The driver's "no" to a call. The message ends up in the output of the docker command: what was being done, what
/// happened, what to do; one line, no class names.
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

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
        return PlainText.escaped(message.strip().replaceAll("\\s+", " "));
    }

    /// What somebody sent, as it may stand in a sentence: in quotes, its first 64 characters, and JSON's escapes for
    /// what would break the line, move the cursor or not be seen.
    public static String quoted(String value) {
        return PlainText.quoted(value);
    }
}
