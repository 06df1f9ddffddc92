package dev.weft.plugin.client;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// A docker command that failed. The message is what stands behind "Error response from daemon: "; the cause, if there
/// is one, is the [CallFailed] that it comes from.
public final class CommandFailed extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    CommandFailed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
