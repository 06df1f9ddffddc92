package dev.weft.agent.crash;

import dev.weft.plugin.client.EngineVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A story, and where it is played.
///
/// @param engine that calls
/// @param agent  when it is back after it was killed
record Production(Story story, EngineVersion engine, Agent agent) {
    enum Agent {
        /// And has compared what there is with what should be, before the engine repeats its call.
        BACK_AT_ONCE,
        /// Just when the engine repeats its call.
        BACK_IN_TIME,
        /// After the engine has given up: what it says while it rolls back, nobody hears.
        AWAY
    }

    /// Each kind of point once; what comes and goes on a LAN has none that others have not.
    static final List<Production> SHORT = Stream.of(Story.values())
            .filter(story -> story != Story.LAN)
            .map(story -> new Production(story, EngineVersion.V28_5, Agent.BACK_AT_ONCE))
            .toList();

    /// Everything with everything.
    static final List<Production> ALL = all();

    /// Whether the engine has removed networks and endpoints that nobody heard of: they hold what was theirs until they
    /// are collected.
    boolean losesDeletes() {
        return agent == Agent.AWAY || story == Story.FORGOTTEN;
    }

    private static List<Production> all() {
        var all = new ArrayList<Production>();
        for (var story : Story.values()) {
            for (var engine : List.of(EngineVersion.V28_5, EngineVersion.V20_10)) {
                for (var agent : Agent.values()) {
                    all.add(new Production(story, engine, agent));
                }
            }
        }
        return List.copyOf(all);
    }

    @Override
    public String toString() {
        return story + " on " + engine + ", agent " + agent;
    }
}
