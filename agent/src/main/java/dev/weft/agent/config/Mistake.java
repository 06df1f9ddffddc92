package dev.weft.agent.config;

import java.util.Comparator;

/// One thing that is wrong with what the agent was told.
///
/// @param sentence with its full stop
public record Mistake(Origin origin, String sentence) {
    /// As one reads: the file from the top, then the environment, then the command line.
    static final Comparator<Mistake> READING = Comparator.comparingInt(Mistake::rank)
            .thenComparingInt(Mistake::line)
            .thenComparingInt(Mistake::column);

    private int rank() {
        return switch (origin) {
            case Origin.Preset _, Origin.WholeFile _ -> 0;
            case Origin.InFile _ -> 1;
            case Origin.Variable _ -> 2;
            case Origin.Flag _ -> 3;
        };
    }

    private int line() {
        return origin instanceof Origin.InFile place ? place.line() : 0;
    }

    private int column() {
        return origin instanceof Origin.InFile place ? place.column() : 0;
    }

    /// `/etc/weft/weft.toml:3:1: unknown key 'agent.sokcet'; did you mean 'agent.socket'?`
    @Override
    public String toString() {
        return origin + ": " + sentence;
    }
}
