package dev.weft.drivers.plan;

/// There is no fabric, and none can be made where this process is; the message says what to do.
public final class FabricMissing extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FabricMissing(String message) {
        super(message);
    }
}
