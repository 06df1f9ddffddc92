package dev.weft.plugin;

import dev.weft.inet.Cidr;
import dev.weft.inet.Subnet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A pool that the IPAM driver gave to a network. Its `--ip-range` is not told.
///
/// @param addressSpace the IPAM driver's word for who shares the addresses, such as `LocalDefault`
/// @param pool         `0.0.0.0/0` or `::/0` with `--ipam-driver null`, which gives no addresses at all
/// @param gateway      absent with `--ipam-driver null`
/// @param auxAddresses `--aux-address name=address`
public record IpamData(
        String addressSpace, Subnet pool, @Nullable Cidr gateway, Map<String, Cidr> auxAddresses) {
    /// Copies the map.
    public IpamData {
        auxAddresses = Map.copyOf(auxAddresses);
    }
}
