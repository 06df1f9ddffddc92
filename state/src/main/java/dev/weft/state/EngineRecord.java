package dev.weft.state;

import static java.util.Objects.requireNonNull;

/// The Docker Engine whose networks these are. There is one at most.
///
/// @param id      what the engine calls itself; it changes with its data folder
/// @param name    of its host
/// @param version such as `28.5.2`
public record EngineRecord(String id, String name, String version) implements StateRecord {
    static final String KEY = "engine";

    public EngineRecord {
        requireNonNull(id, "id");
        requireNonNull(name, "name");
        requireNonNull(version, "version");
    }

    @Override
    public String key() {
        return KEY;
    }
}
