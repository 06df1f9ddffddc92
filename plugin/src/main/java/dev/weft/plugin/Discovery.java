package dev.weft.plugin;

import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Body of `NetworkDriver.DiscoverNew` and `DiscoverDelete`, which drivers of global scope get in swarm mode.
///
/// @param type [#NODE], the only one that engines 20.10 to 28.5 were seen to send; others are passed as they come
/// @param data `DiscoveryData` as sent
public record Discovery(int type, Map<String, Object> data) {
    /// A node of the swarm came or went.
    public static final int NODE = 1;

    /// Copies the map.
    public Discovery {
        data = Map.copyOf(data);
    }

    /// A node of the swarm.
    ///
    /// @param address     under which other nodes reach it
    /// @param bindAddress on which it listens; only of this node itself
    /// @param self        whether it is this node
    public record Node(InetAddress address, @Nullable InetAddress bindAddress, boolean self) {}

    /// The data of type [#NODE].
    ///
    /// @return empty for another type
    /// @throws IllegalArgumentException if an address in it is none
    public Optional<Node> node() {
        if (type != NODE) {
            return Optional.empty();
        }
        var address = address("Address");
        if (address == null) {
            throw new IllegalArgumentException("a discovered node has no address: " + data);
        }
        return Optional.of(new Node(address, address("BindAddress"), Boolean.TRUE.equals(data.get("Self"))));
    }

    private @Nullable InetAddress address(String name) {
        return data.get(name) instanceof String text && !text.isEmpty() ? InetAddress.ofLiteral(text) : null;
    }
}
