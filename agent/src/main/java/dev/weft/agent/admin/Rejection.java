package dev.weft.agent.admin;

/// A request that is not done, with the reason for the person who typed the command.
final class Rejection extends RuntimeException {
    private static final long serialVersionUID = 1L;

    static final int BAD_REQUEST = 400;
    static final int NOT_FOUND = 404;
    static final int FAILED = 409;
    static final int UNAVAILABLE = 503;

    private final int status;

    /// @param status of HTTP
    Rejection(int status, String sentence) {
        super(sentence);
        this.status = status;
    }

    int status() {
        return status;
    }
}
