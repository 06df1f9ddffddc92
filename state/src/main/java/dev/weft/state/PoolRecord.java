package dev.weft.state;

import static java.util.Objects.requireNonNull;

import dev.weft.inet.Subnet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A pool that Weft's IPAM driver has given. On one host it is one block, all of it this host's.
///
/// @param range     where addresses are chosen, within the subnet; by name, any of the subnet can be had
/// @param networkId of the network that uses it, once that is known
/// @param options   the `--ipam-opt` pairs, as given
public record PoolRecord(
        String addressSpace,
        Subnet subnet,
        Subnet range,
        @Nullable String networkId,
        Map<String, String> options) implements StateRecord {
    public PoolRecord {
        requireNonNull(addressSpace, "addressSpace");
        requireNonNull(subnet, "subnet");
        requireNonNull(range, "range");
        options = Map.copyOf(options);
    }

    /// What engines get as the pool's id: the same for the same pool, so that a repeated request has the same answer.
    ///
    /// @param sharedId of the network of the cluster whose pool it is: others may have the same subnet. Null where
    ///                 it is a pool of this host's own.
    public static String id(String addressSpace, Subnet subnet, @Nullable String sharedId) {
        return addressSpace + "/" + subnet + (sharedId == null ? "" : "/" + sharedId);
    }

    public String id() {
        return id(addressSpace, subnet, sharedId());
    }

    /// Of the network of the cluster that it was asked for; null: of none.
    public @Nullable String sharedId() {
        return options.get(SharedNetwork.OPTION);
    }

    @Override
    public String key() {
        return id();
    }

    public PoolRecord usedBy(@Nullable String network) {
        return new PoolRecord(addressSpace, subnet, range, network, options);
    }
}
