package dev.weft.plugin.client;

import dev.weft.plugin.Refusal;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// Failures after which the engine goes on, and only its log tells. Any thread may add.
final class CommandLog {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    /// @return the failure, or null
    @Nullable
    RuntimeException goOn(Runnable call) {
        try {
            call.run();
            return null;
        } catch (CallFailed | Refusal failure) {
            lines.add(String.valueOf(failure.getMessage()));
            return failure;
        }
    }

    List<String> lines() {
        return List.copyOf(lines);
    }
}
