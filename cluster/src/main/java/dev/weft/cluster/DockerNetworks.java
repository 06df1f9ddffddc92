package dev.weft.cluster;

import static java.util.stream.Collectors.toMap;

import dev.weft.engine.EngineApi;
import dev.weft.engine.Network;
import dev.weft.engine.NetworkSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Through the Docker API.
///
/// @param preparing is told of the networks before another comes, and says why none can
public record DockerNetworks(EngineApi engine, Function<List<Network>, Optional<String>> preparing)
        implements EngineNetworks {
    @Override
    public List<Network> networks() {
        return engine.networks();
    }

    /// A container that never ran knows its networks by the names or ids that it was created with.
    @Override
    public Set<String> used(List<Network> networks) {
        var ids = networks.stream().collect(toMap(Network::name, Network::id, (one, other) -> one));
        var used = new HashSet<String>();
        for (var container : engine.containers()) {
            container.networks().forEach((name, attachment) -> {
                var id = attachment.networkId();
                used.add(id == null || id.isEmpty() ? ids.getOrDefault(name, name) : id);
            });
        }
        return used;
    }

    @Override
    public Optional<String> prepare(List<Network> networks) {
        return preparing.apply(networks);
    }

    @Override
    public String create(NetworkSpec spec) {
        return engine.createNetwork(spec);
    }

    @Override
    public void remove(String id) {
        engine.removeNetwork(id);
    }
}
