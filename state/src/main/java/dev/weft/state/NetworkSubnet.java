package dev.weft.state;

import static java.util.Objects.requireNonNull;

import dev.weft.inet.Cidr;
import dev.weft.inet.Subnet;
import org.jspecify.annotations.Nullable;

/// One subnet of a network.
///
/// @param gateway      where IPAM gave one
/// @param addressSpace the IPAM driver's word for who shares the addresses; with the subnet it names the pool
/// @param hostAddress  of the host's own in the network, where a person set one aside (`--aux-address host=…`)
public record NetworkSubnet(
        Subnet subnet,
        @Nullable Cidr gateway,
        String addressSpace,
        @Nullable Cidr hostAddress) {
    public NetworkSubnet {
        requireNonNull(subnet, "subnet");
        requireNonNull(addressSpace, "addressSpace");
    }

    /// One in which nothing is set aside for the host.
    public NetworkSubnet(Subnet subnet, @Nullable Cidr gateway, String addressSpace) {
        this(subnet, gateway, addressSpace, null);
    }
}
