package dev.weft.engine;

import java.util.List;
import java.util.Map;

/// Something that happened at the engine.
///
/// @param type       `network`, `container` or `daemon`
/// @param action     such as `create`, `connect`, `start`, `die`, `destroy`
/// @param actorId    of the network or container; the engine's id for `daemon`
/// @param attributes among them `name`; of a network's `connect` also `container`, whose id it is
public record EngineEvent(String type, String action, String actorId, Map<String, String> attributes) {
    /// With what actions begin; what follows is a command or a state.
    private static final List<String> INSIDE =
            List.of("exec_", "health_status", "top", "attach", "detach", "resize", "export", "copy", "archive-path");

    public EngineEvent {
        attributes = Map.copyOf(attributes);
    }

    /// Whether it is about what runs in a container, not about what the engine has: health checks alone make three
    /// such events each time.
    public boolean changesNothing() {
        return type.equals("container") && INSIDE.stream().anyMatch(action::startsWith);
    }
}
