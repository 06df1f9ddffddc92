package dev.weft.engine;

import dev.weft.http.HttpStream;
import dev.weft.json.JsonObject;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// An engine's events as they come. For one thread; another one may close.
public final class EngineEvents implements AutoCloseable {
    private final EngineConnection engine;
    private final String doing;
    private final HttpStream lines;

    EngineEvents(EngineConnection engine, String doing, HttpStream lines) {
        this.engine = engine;
        this.doing = doing;
        this.lines = lines;
    }

    /// The next event, waiting for it as long as it takes.
    ///
    /// @throws EngineException when no more can come: the engine stopped, or this was closed
    public EngineEvent next() {
        var line = line();
        return engine.read(doing, () -> EngineJson.event(JsonObject.parse("the answer", line)));
    }

    private String line() {
        try {
            for (var line = lines.line(); line != null; line = lines.line()) {
                if (!line.isBlank()) {
                    return line;
                }
            }
        } catch (IOException failure) {
            throw over(failure.getMessage(), failure);
        }
        throw over("the engine ended its answer", null);
    }

    private EngineException over(@Nullable String reason, @Nullable IOException failure) {
        return EngineException.failed(
                "cannot " + doing + " on " + engine + " any longer: " + reason + ". Look whether Docker Engine runs.",
                failure);
    }

    @Override
    public void close() {
        lines.close();
    }
}
