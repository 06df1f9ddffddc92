package dev.weft.state;

/// What is in a state file is not what was written; the message says what was found.
final class DamagedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DamagedException(String message) {
        super(message);
    }
}
