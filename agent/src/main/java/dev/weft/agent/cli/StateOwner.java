package dev.weft.agent.cli;

import dev.weft.agent.config.Configuration;
import java.util.Optional;

/// Who can be asked about the state: the agent that has it open, or nobody but the files.
final class StateOwner {
    private StateOwner() {}

    /// The agent, if it can work and no other folder was named.
    static Optional<AdminClient> of(Configuration options, AgentFlags flags) {
        if (flags.values().containsKey("--state")) {
            return Optional.empty();
        }
        var agent = new AdminClient(options.adminSocket());
        try {
            boolean unable = agent.get("status").fields().string("state").equals("unable");
            return unable ? Optional.empty() : Optional.of(agent);
        } catch (AgentAbsent nobody) {
            return Optional.empty();
        }
    }
}
