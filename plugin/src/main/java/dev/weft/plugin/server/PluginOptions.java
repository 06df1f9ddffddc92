package dev.weft.plugin.server;

import java.time.Duration;

/// How a plugin is served.
///
/// @param callDeadline after which a call is answered with an error, at most a day: engines themselves wait for ever
/// @param stopGrace    how long [PluginServer#close] waits for calls in flight, 0 to a day
public record PluginOptions(Duration callDeadline, Duration stopGrace) {
    private static final Duration LONGEST = Duration.ofDays(1);

    /// 30 s for a call, 5 s for stopping.
    public static final PluginOptions DEFAULT = new PluginOptions(Duration.ofSeconds(30), Duration.ofSeconds(5));

    /// Checks both.
    ///
    /// @throws IllegalArgumentException if one of them is out of its range
    public PluginOptions {
        if (!callDeadline.isPositive() || callDeadline.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "a call's deadline is more than nothing and at most a day, not " + callDeadline);
        }
        if (stopGrace.isNegative() || stopGrace.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a stop waits for a day at most, not " + stopGrace);
        }
    }

    /// With another time for a call, more than 0.
    public PluginOptions withCallDeadline(Duration deadline) {
        return new PluginOptions(deadline, stopGrace);
    }

    /// The same with another grace.
    public PluginOptions withStopGrace(Duration grace) {
        return new PluginOptions(callDeadline, grace);
    }
}
