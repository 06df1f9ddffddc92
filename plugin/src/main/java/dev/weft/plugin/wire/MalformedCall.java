package dev.weft.plugin.wire;

/// A call's body that no engine sends: not JSON, or a field missing or of another kind.
public final class MalformedCall extends RuntimeException {
    private static final long serialVersionUID = 1;

    public MalformedCall(String message) {
        super(message);
    }
}
