package dev.weft.agent.config;

import static java.util.stream.Collectors.joining;

import java.util.List;

/// What became of reading the configuration: all of it is right, or none of it is used.
public sealed interface Outcome {
    /// With which an agent can serve its sockets, whatever the outcome.
    Configuration configuration();

    /// @param settings every key, in the order of the documentation
    record Valid(Configuration configuration, List<Setting<?>> settings) implements Outcome {
        public Valid {
            settings = List.copyOf(settings);
        }
    }

    /// @param mistakes      at least one, in the order in which one would read them
    /// @param configuration the defaults, but the two sockets of the agent where those were given rightly
    record Wrong(List<Mistake> mistakes, Configuration configuration) implements Outcome {
        /// Mistakes that one sentence in the output of `docker run` repeats.
        private static final int TOLD = 5;

        public Wrong {
            mistakes = List.copyOf(mistakes);
        }

        /// For the person who called the agent.
        public String explanation() {
            var told = mistakes.stream().limit(TOLD).map(Mistake::toString).collect(joining(" "));
            var more = mistakes.size() > TOLD ? " There are " + (mistakes.size() - TOLD) + " more mistakes." : "";
            return "the Weft agent cannot work: " + told + more + " Mend it and restart the agent (weft config check).";
        }
    }
}
