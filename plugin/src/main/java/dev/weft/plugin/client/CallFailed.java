package dev.weft.plugin.client;

import java.io.Serial;

/// A call that failed. The message is what the engine says of it, as `docker` shows it.
public final class CallFailed extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /// How it failed; the engine goes on differently after each.
    public enum Kind {
        /// No file tells where the plugin is.
        NOT_FOUND,
        /// No connection could be opened, and none at the repeats either.
        UNREACHABLE,
        /// The connection died after the request was written, and so did those of the repeats, which had no body.
        DIED,
        /// An HTTP status other than 200.
        STATUS,
        /// The plugin's own "no": `Err`, or `Error` of an IPAM driver.
        REFUSED,
        /// The answer is empty or not JSON.
        NOT_JSON,
        /// The answer says what an engine cannot use.
        UNUSABLE
    }

    private final Kind kind;
    private final int status;
    private final String body;

    CallFailed(Kind kind, int status, String body, String message) {
        super(message);
        this.kind = kind;
        this.status = status;
        this.body = body;
    }

    static CallFailed status(String path, int status, String body, String sentence) {
        return new CallFailed(Kind.STATUS, status, body, path.substring(1) + ": " + sentence);
    }

    static CallFailed answered(Kind kind, String body, String message) {
        return new CallFailed(kind, 200, body, message);
    }

    static CallFailed unanswered(Kind kind, String message, Throwable cause) {
        var failure = new CallFailed(kind, 0, "", message);
        failure.initCause(cause);
        return failure;
    }

    /// How it failed.
    public Kind kind() {
        return kind;
    }

    /// Of HTTP; 0 without an answer.
    public int status() {
        return status;
    }

    /// Of the answer, as it came; empty without one.
    public String body() {
        return body;
    }
}
