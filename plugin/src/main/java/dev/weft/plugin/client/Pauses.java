package dev.weft.plugin.client;

import java.time.Duration;

/// The waiting between repeats.
@FunctionalInterface
interface Pauses {
    void pause(Duration duration) throws InterruptedException;
}
