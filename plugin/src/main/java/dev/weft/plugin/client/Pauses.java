package dev.weft.plugin.client;

import java.time.Duration;

/// The waiting between repeats of a call that found nobody, or whose connection died.
@FunctionalInterface
public interface Pauses {
    /// As an engine waits.
    Pauses REAL = Thread::sleep;

    /// Returns when the call is to be repeated.
    ///
    /// @param duration how long an engine waits
    void pause(Duration duration) throws InterruptedException;
}
