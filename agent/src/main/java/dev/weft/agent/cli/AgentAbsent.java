package dev.weft.agent.cli;

/// Nobody listens on the admin socket.
final class AgentAbsent extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AgentAbsent(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
