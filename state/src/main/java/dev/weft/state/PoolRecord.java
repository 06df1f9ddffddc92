package dev.weft.state;

import static java.util.Objects.requireNonNull;

import dev.weft.inet.Cidr;
import dev.weft.inet.Subnet;
import org.jspecify.annotations.Nullable;

/// One subnet of a network, with the gateway's address where IPAM gave one.
public record PoolRecord(Subnet subnet, @Nullable Cidr gateway) {
    public PoolRecord {
        requireNonNull(subnet, "subnet");
    }
}
