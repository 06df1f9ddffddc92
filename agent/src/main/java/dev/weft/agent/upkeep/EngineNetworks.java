package dev.weft.agent.upkeep;

import static java.util.stream.Collectors.toUnmodifiableSet;

import dev.weft.engine.Network;
import java.util.Collection;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Whether the engine has, or may have, a network of this id: until it was looked at, it may have any. Any thread may
/// ask.
public final class EngineNetworks implements Predicate<String> {
    private volatile @Nullable Set<String> ids;

    /// Of an engine that was not looked at yet.
    public EngineNetworks() {}

    void set(Collection<Network> networks) {
        ids = networks.stream().map(Network::id).collect(toUnmodifiableSet());
    }

    @Override
    public boolean test(String networkId) {
        var seen = ids;
        return seen == null || seen.contains(networkId);
    }
}
