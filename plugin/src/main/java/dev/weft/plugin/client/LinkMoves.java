package dev.weft.plugin.client;

import java.util.Optional;

/// What an engine does in the kernel between the calls of a command.
public interface LinkMoves {
    /// For plugins whose links need not be there.
    LinkMoves NONE = new LinkMoves() {
        @Override
        public void open(String sandboxKey) {}

        @Override
        public Optional<String> moveIn(Endpoint endpoint, String sandboxKey) {
            return Optional.empty();
        }

        @Override
        public void moveOut(Endpoint endpoint, String sandboxKey) {}

        @Override
        public void close(String sandboxKey) {}
    };

    /// A container is about to start: its network namespace is made.
    ///
    /// @param sandboxKey path of the namespace
    void open(String sandboxKey);

    /// After `Join`: the link that its answer names goes into the sandbox and gets its name and addresses.
    ///
    /// @return why it cannot be moved: `Leave` and `DeleteEndpoint` follow then; empty if it is there
    Optional<String> moveIn(Endpoint endpoint, String sandboxKey);

    /// After `Leave`, whatever was answered: the link, if it is still in the sandbox, comes back into the host's
    /// namespace under its old name, and down.
    void moveOut(Endpoint endpoint, String sandboxKey);

    /// The container has stopped, or could not be started: its network namespace goes.
    void close(String sandboxKey);
}
