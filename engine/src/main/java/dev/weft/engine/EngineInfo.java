package dev.weft.engine;

/// Who an engine is.
///
/// @param id            of its data root: stays over restarts and upgrades, and another one is another engine
/// @param name          of its host
/// @param version       of the engine, `28.5.2`
/// @param liveRestore   whether containers live on while the engine is down
public record EngineInfo(String id, String name, String version, boolean liveRestore, SwarmNode swarm) {
    /// The engine's part in a swarm.
    ///
    /// @param state   `inactive`, `pending`, `active`, `error` or `locked`
    /// @param nodeId  empty outside swarms
    /// @param manager whether it can create networks of the swarm
    public record SwarmNode(String state, String nodeId, boolean manager) {}
}
