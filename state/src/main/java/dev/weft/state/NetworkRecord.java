package dev.weft.state;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A network of this host, as it was when its creation was answered.
///
/// @param id      Docker's network id, 64 hexadecimal digits (25 letters and digits for swarm's)
/// @param name    as the Docker API has told it; null until then
/// @param mode    which driver carries it, `vxlan`
/// @param mtu     bytes of an IP packet inside the network
/// @param options the `-o` pairs of `docker network create`, as given
public record NetworkRecord(
        String id,
        @Nullable String name,
        String mode,
        int mtu,
        boolean internal,
        List<NetworkSubnet> subnets,
        Map<String, String> options)
        implements StateRecord {
    public NetworkRecord {
        requireNonNull(id, "id");
        requireNonNull(mode, "mode");
        subnets = List.copyOf(subnets);
        options = Map.copyOf(options);
    }

    @Override
    public String key() {
        return id;
    }

    public NetworkRecord named(String other) {
        return new NetworkRecord(id, other, mode, mtu, internal, subnets, options);
    }

    /// The key of the [PoolRecord] of one of its subnets, if Weft's own IPAM driver gave it.
    public String poolId(NetworkSubnet subnet) {
        return PoolRecord.id(subnet.addressSpace(), subnet.subnet(), options.get(SharedNetwork.OPTION));
    }

    /// Its name where that is known, else its id: for sentences.
    public String title() {
        return name == null ? id : name;
    }
}
