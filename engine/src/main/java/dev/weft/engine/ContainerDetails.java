package dev.weft.engine;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A container, why it does not run, and whether it should.
///
/// @param name         without the slash
/// @param state        as in [Container]
/// @param exitCode     of its last run; 127 and the like if it could not be started
/// @param error        why it could not be started; empty if it could
/// @param startedAt    null if it never was
/// @param finishedAt   null if it never did
/// @param restartCount restarts by the engine since the last start by a person
/// @param sandbox      path of its network namespace, which is there while it runs; null if the engine has none for it
/// @param networks     as in [Container]
public record ContainerDetails(
        String id,
        String name,
        String state,
        long exitCode,
        String error,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        int restartCount,
        RestartPolicy restartPolicy,
        Map<String, String> labels,
        @Nullable String sandbox,
        Map<String, Attachment> networks) {
    public ContainerDetails {
        labels = Map.copyOf(labels);
        networks = Map.copyOf(networks);
    }

    /// When the engine starts the container by itself.
    ///
    /// @param name           `no`, `always`, `unless-stopped` or `on-failure`
    /// @param maximumRetries of `on-failure`; 0 for any number
    public record RestartPolicy(String name, int maximumRetries) {}
}
