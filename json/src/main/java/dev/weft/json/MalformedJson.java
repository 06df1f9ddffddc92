package dev.weft.json;

/// A text that is not the JSON that its reader needs: not JSON at all, or a field missing or of another kind.
public final class MalformedJson extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// @param message what is wrong and where, as [JsonObject] says it
    public MalformedJson(String message) {
        super(message);
    }
}
