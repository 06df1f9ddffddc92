package dev.weft.state;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// That a network or endpoint is gone, and why: it says so to who asks for it later.
///
/// @param title  its name, or its id where that was not known
/// @param reason the rest of a sentence that begins with "it was removed": `by docker network rm`
/// @param at     by the host's clock, which may have been wrong; to the millisecond
public record Tombstone(Kind kind, String id, String title, String reason, Instant at) implements StateRecord {
    /// The reason of a network that a person took away.
    public static final String NETWORK_RM = "by docker network rm";

    /// What it was.
    public enum Kind {
        NETWORK,
        ENDPOINT
    }

    public Tombstone {
        requireNonNull(kind, "kind");
        requireNonNull(id, "id");
        requireNonNull(title, "title");
        requireNonNull(reason, "reason");
        at = at.truncatedTo(ChronoUnit.MILLIS);
    }

    static String key(Kind kind, String id) {
        return kind + " " + id;
    }

    @Override
    public String key() {
        return key(kind, id);
    }
}
