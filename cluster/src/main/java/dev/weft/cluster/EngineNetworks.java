package dev.weft.cluster;

import dev.weft.engine.Network;
import dev.weft.engine.NetworkSpec;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What the catalogue needs of this host's engine. Every method throws [dev.weft.engine.EngineException] if it does not
/// answer, or refuses.
public interface EngineNetworks {
    List<Network> networks();

    /// Ids of networks that containers are on, running or not.
    Set<String> used(List<Network> networks);

    /// Before any is created.
    ///
    /// @return why none can be
    Optional<String> prepare(List<Network> networks);

    /// @return its id
    String create(NetworkSpec spec);

    /// One that is not there is no error.
    void remove(String id);
}
