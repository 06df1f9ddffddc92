package dev.weft.plugin.wire;

import dev.weft.json.JsonObject;
import java.util.Map;
import java.util.function.Function;

/// How one message is read from the fields of a body, and written as fields again in the order in which engines write.
public record Shape<T>(Function<JsonObject, T> read, Function<T, Map<String, Object>> write) {}
