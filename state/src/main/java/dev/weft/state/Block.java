package dev.weft.state;

import static java.util.Objects.requireNonNull;

import dev.weft.inet.Subnet;

/// Addresses of a network that one host may give, without asking anyone.
///
/// @param host   to whom it belongs
/// @param active whether addresses of it may have been given: then it changes hands by its owner's act alone, or when
///               the owner is forgotten
public record Block(Subnet range, String host, boolean active) {
    public Block {
        requireNonNull(range, "range");
        requireNonNull(host, "host");
    }

    Block in(Subnet part) {
        return new Block(part, host, active);
    }

    Block activated() {
        return new Block(range, host, true);
    }
}
