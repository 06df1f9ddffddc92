package dev.weft.engine;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// The engine refused a request, answered as no engine does, or could not be asked. The message says what was being
/// done, what happened, and what to do.
public final class EngineException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String words;

    private EngineException(String message, int status, String words, @Nullable Throwable cause) {
        super(message, cause);
        this.status = status;
        this.words = words;
    }

    /// @param words the engine's own sentence; empty where it gave none
    static EngineException refused(String message, int status, String words) {
        return new EngineException(message, status, words, null);
    }

    static EngineException failed(String message, @Nullable Throwable cause) {
        return new EngineException(message, 0, "", cause);
    }

    /// HTTP status of a refusal; empty where there was no answer, or one that no engine gives.
    public OptionalInt status() {
        return status == 0 ? OptionalInt.empty() : OptionalInt.of(status);
    }

    /// The engine's own sentence in a refusal, without ours around it; empty where there is none.
    public String words() {
        return words;
    }
}
