package dev.weft.state;

import static java.util.Objects.requireNonNull;

import dev.weft.inet.Cidr;
import dev.weft.inet.Subnet;
import org.jspecify.annotations.Nullable;

/// One subnet of a network.
///
/// @param gateway      where IPAM gave one
/// @param addressSpace the IPAM driver's word for who shares the addresses; with the subnet it names the pool
public record NetworkSubnet(Subnet subnet, @Nullable Cidr gateway, String addressSpace) {
    public NetworkSubnet {
        requireNonNull(subnet, "subnet");
        requireNonNull(addressSpace, "addressSpace");
    }

    /// The key of its [PoolRecord], if Weft's own IPAM driver gave it.
    public String poolId() {
        return PoolRecord.id(addressSpace, subnet);
    }
}
