package dev.weft.drivers.plan;

/// The network namespace that was named for the fabric is somebody else's; the message says whose, and what to do.
public final class FabricInUse extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FabricInUse(String message) {
        super(message);
    }
}
