package dev.weft.plugin.server;

import java.time.Duration;

/// How a plugin is served.
///
/// @param callDeadline after which a call is answered with an error; engines themselves wait for ever
/// @param stopGrace    how long [PluginServer#close] waits for calls in flight
public record PluginOptions(Duration callDeadline, Duration stopGrace) {
    /// 30 s for a call, 5 s for stopping.
    public static final PluginOptions DEFAULT = new PluginOptions(Duration.ofSeconds(30), Duration.ofSeconds(5));

    public PluginOptions {
        if (!callDeadline.isPositive()) {
            throw new IllegalArgumentException("a call's deadline of " + callDeadline + " leaves no time to answer");
        }
    }

    public PluginOptions withCallDeadline(Duration deadline) {
        return new PluginOptions(deadline, stopGrace);
    }
}
