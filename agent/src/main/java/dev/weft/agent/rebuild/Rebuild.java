package dev.weft.agent.rebuild;

import dev.weft.agent.config.Configuration;
import dev.weft.engine.EngineApi;
import dev.weft.state.AddressRecord;
import dev.weft.state.EndpointRecord;
import dev.weft.state.NetworkRecord;
import dev.weft.state.PoolRecord;
import dev.weft.state.Registry;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Puts a state made anew in the place of one that is lost.
public final class Rebuild {
    /// What came of it.
    ///
    /// @param engine  whose word it is: `Docker Engine 28.5.2 (h1)`
    /// @param old     where the old state is now; null if there was none
    /// @param unknown what could not be known, a sentence each
    public record Report(
            String engine,
            @Nullable Path old,
            long networks,
            long endpoints,
            long pools,
            long addresses,
            List<String> unknown) {
        public Report {
            unknown = List.copyOf(unknown);
        }
    }

    private Rebuild() {}

    /// Asks everything before it changes anything.
    ///
    /// @param docker socket of the engine's API
    /// @throws dev.weft.engine.EngineException if the engine does not say all
    /// @throws dev.weft.state.StateException   if an agent has the state, or it cannot be written
    public static Report of(Configuration options, Path docker) {
        EngineFacts engine;
        try (var api = new EngineApi(docker)) {
            engine = EngineFacts.of(api);
        }
        var rebuilt = new Rebuilding(engine, KernelFacts.read(options.fabric())).result();
        var old = Registry.replace(options.state(), rebuilt.records());
        return new Report(
                "Docker Engine " + engine.info().version() + " ("
                        + engine.info().name() + ")",
                old.orElse(null),
                rebuilt.count(NetworkRecord.class),
                rebuilt.count(EndpointRecord.class),
                rebuilt.count(PoolRecord.class),
                rebuilt.count(AddressRecord.class),
                rebuilt.unknown());
    }
}
