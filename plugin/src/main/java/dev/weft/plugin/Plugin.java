package dev.weft.plugin;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What one plugin socket serves: networks, addresses, or both under one name.
public final class Plugin {
    private final @Nullable NetworkDriver networks;
    private final @Nullable IpamDriver addresses;

    private Plugin(@Nullable NetworkDriver networks, @Nullable IpamDriver addresses) {
        this.networks = networks;
        this.addresses = addresses;
    }

    /// `docker network create -d NAME`; addresses are from Docker's own IPAM driver or another plugin's.
    public static Plugin of(NetworkDriver networks) {
        return new Plugin(requireNonNull(networks, "networks"), null);
    }

    /// `docker network create --ipam-driver NAME`, for networks of any driver.
    public static Plugin of(IpamDriver addresses) {
        return new Plugin(null, requireNonNull(addresses, "addresses"));
    }

    /// Both; a network has to name each of them.
    public static Plugin of(NetworkDriver networks, IpamDriver addresses) {
        return new Plugin(requireNonNull(networks, "networks"), requireNonNull(addresses, "addresses"));
    }

    /// The network driver, if there is one.
    public Optional<NetworkDriver> networks() {
        return Optional.ofNullable(networks);
    }

    /// The IPAM driver, if there is one.
    public Optional<IpamDriver> addresses() {
        return Optional.ofNullable(addresses);
    }
}
