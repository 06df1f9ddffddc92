package dev.weft.drivers.plan;

import dev.weft.netlink.NetworkNamespace;

/// A container's network namespace, bound to a path as engines bind theirs.
final class PinnedSandbox implements AutoCloseable {
    private static final String NAME = "weft-test-" + ProcessHandle.current().pid() + "-sandbox";

    static final String PATH = "/run/netns/" + NAME;

    private final NetworkNamespace namespace = NetworkNamespace.pin(NAME);

    NetworkNamespace namespace() {
        return namespace;
    }

    /// What a person types inside.
    String run(String command) {
        return TwoNamespaces.in(namespace, command);
    }

    /// As an engine does when the container stops.
    void unpin() {
        NetworkNamespace.unpin(NAME);
    }

    @Override
    public void close() {
        namespace.close();
        unpin();
    }
}
