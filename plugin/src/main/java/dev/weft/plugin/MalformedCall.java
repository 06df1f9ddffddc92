package dev.weft.plugin;

/// A call's body that no engine sends: not JSON, or a field missing or of another kind.
final class MalformedCall extends RuntimeException {
    private static final long serialVersionUID = 1;

    MalformedCall(String message) {
        super(message);
    }
}
