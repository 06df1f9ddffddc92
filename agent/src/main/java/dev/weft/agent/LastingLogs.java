package dev.weft.agent;

import java.util.logging.LogManager;

/// Keeps its handlers to the end. The agent stops in a shutdown hook, and the usual manager closes its handlers in
/// another one at the same time: what went wrong while stopping would be said, or not, by chance.
///
/// Public because `java.util.logging` makes it.
public final class LastingLogs extends LogManager {
    /// Does nothing.
    @Override
    public void reset() {}
}
