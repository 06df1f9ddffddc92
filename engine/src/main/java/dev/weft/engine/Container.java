package dev.weft.engine;

import java.util.List;
import java.util.Map;

/// A container as the engine lists it.
///
/// @param names    without the slash; the first is its own, further ones are links of others
/// @param state    `created`, `running`, `paused`, `restarting`, `removing`, `exited` or `dead`
/// @param status   the state for people, `Exited (3) 2 seconds ago`
/// @param networks by the name, or where the container was made with it the id, of the network
public record Container(
        String id,
        List<String> names,
        String state,
        String status,
        Map<String, String> labels,
        Map<String, Attachment> networks) {
    public Container {
        names = List.copyOf(names);
        labels = Map.copyOf(labels);
        networks = Map.copyOf(networks);
    }
}
