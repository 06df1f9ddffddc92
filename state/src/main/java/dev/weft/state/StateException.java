package dev.weft.state;

/// The store cannot be read or written; the message is a sentence for the operator.
public final class StateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StateException(String message, Throwable cause) {
        super(message, cause);
    }

    StateException(String message) {
        super(message);
    }
}
