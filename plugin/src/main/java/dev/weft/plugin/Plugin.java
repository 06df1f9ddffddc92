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

    /// `docker network create -d NAME`; Docker or another plugin gives the addresses.
    public static Plugin of(NetworkDriver networks) {
        return new Plugin(requireNonNull(networks, "networks"), null);
    }

    /// `--ipam-driver NAME`.
    public static Plugin of(IpamDriver addresses) {
        return new Plugin(null, requireNonNull(addresses, "addresses"));
    }

    /// Both roles under one name, for networks that take both from it or one alone.
    public static Plugin of(NetworkDriver networks, IpamDriver addresses) {
        return new Plugin(requireNonNull(networks, "networks"), requireNonNull(addresses, "addresses"));
    }

    /// What it serves as `NetworkDriver`; empty if it has not that role.
    public Optional<NetworkDriver> networks() {
        return Optional.ofNullable(networks);
    }

    /// What it serves as `IpamDriver`; empty if it has not that role.
    public Optional<IpamDriver> addresses() {
        return Optional.ofNullable(addresses);
    }
}
