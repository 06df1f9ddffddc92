package dev.weft.engine;

import java.util.Map;

/// Something that happened at the engine.
///
/// @param type       `network`, `container` or `daemon`
/// @param action     such as `create`, `connect`, `start`, `die`, `destroy`
/// @param actorId    of the network or container; the engine's id for `daemon`
/// @param attributes among them `name`; of a network's `connect` also `container`, whose id it is
public record EngineEvent(String type, String action, String actorId, Map<String, String> attributes) {
    public EngineEvent {
        attributes = Map.copyOf(attributes);
    }
}
