package dev.weft.plugin.client;

import java.util.Optional;

/// What an engine does with links in the kernel between the calls of a command.
public interface LinkMoves {
    /// For plugins whose links need not be there.
    LinkMoves NONE = new LinkMoves() {
        @Override
        public Optional<String> moveIn(Endpoint endpoint, String sandboxKey) {
            return Optional.empty();
        }

        @Override
        public void moveOut(Endpoint endpoint, String sandboxKey) {}
    };

    /// After `Join`: the link that its answer names goes into the sandbox and gets its name and addresses.
    ///
    /// @param sandboxKey path of the sandbox's network namespace; nobody hears of it before the first call
    /// @return why it cannot be moved: `Leave` and `DeleteEndpoint` follow then; empty if it is there
    Optional<String> moveIn(Endpoint endpoint, String sandboxKey);

    /// After `Leave`, whatever was answered: the link, if it is still in the sandbox, comes back into the host's
    /// namespace under its old name, and down.
    void moveOut(Endpoint endpoint, String sandboxKey);
}
