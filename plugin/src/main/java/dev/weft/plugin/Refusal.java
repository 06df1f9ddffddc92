package dev.weft.plugin;

/// The driver's "no" to a call. The message ends up in the output of the docker command: what was being done, what
/// happened, what to do; one line, no class names.
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Refusal(String message) {
        super(message);
    }

    /// @param cause for the log, which then has a stack trace; the person sees the message alone
    public Refusal(String message, Throwable cause) {
        super(message, cause);
    }
}
