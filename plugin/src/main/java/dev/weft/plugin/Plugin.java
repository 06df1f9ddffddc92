package dev.weft.plugin;

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

    public static Plugin of(NetworkDriver networks) {
        return new Plugin(networks, null);
    }

    public static Plugin of(IpamDriver addresses) {
        return new Plugin(null, addresses);
    }

    public static Plugin of(NetworkDriver networks, IpamDriver addresses) {
        return new Plugin(networks, addresses);
    }

    public Optional<NetworkDriver> networks() {
        return Optional.ofNullable(networks);
    }

    public Optional<IpamDriver> addresses() {
        return Optional.ofNullable(addresses);
    }
}
