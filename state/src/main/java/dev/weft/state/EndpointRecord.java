package dev.weft.state;

import static java.util.Objects.requireNonNull;

import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A container's place in a network of this host.
///
/// @param id            Docker's endpoint id, new at each start of a container
/// @param ipv4          null on a network without IPv4
/// @param ipv6          null on a network without IPv6
/// @param sandbox       path of the container's network namespace while joined, else null
/// @param interfaceName of the link in the sandbox, once it has been seen there
/// @param container     its name, as the Docker API has told it; null until then
/// @param options       the `--driver-opt` pairs, without those the engine itself acts on
public record EndpointRecord(
        String id,
        String networkId,
        @Nullable Cidr ipv4,
        @Nullable Cidr ipv6,
        MacAddress mac,
        @Nullable String sandbox,
        @Nullable String interfaceName,
        @Nullable String container,
        Map<String, String> options)
        implements StateRecord {
    public EndpointRecord {
        requireNonNull(id, "id");
        requireNonNull(networkId, "networkId");
        requireNonNull(mac, "mac");
        options = Map.copyOf(options);
    }

    /// One that has not joined.
    public EndpointRecord(
            String id,
            String networkId,
            @Nullable Cidr ipv4,
            @Nullable Cidr ipv6,
            MacAddress mac,
            Map<String, String> options) {
        this(id, networkId, ipv4, ipv6, mac, null, null, null, options);
    }

    @Override
    public String key() {
        return id;
    }

    public boolean joined() {
        return sandbox != null;
    }

    public EndpointRecord joinedTo(String sandboxPath) {
        return new EndpointRecord(id, networkId, ipv4, ipv6, mac, sandboxPath, null, container, options);
    }

    public EndpointRecord left() {
        return new EndpointRecord(id, networkId, ipv4, ipv6, mac, null, null, container, options);
    }

    public EndpointRecord seenAs(@Nullable String linkName) {
        return new EndpointRecord(id, networkId, ipv4, ipv6, mac, sandbox, linkName, container, options);
    }

    public EndpointRecord of(String containerName) {
        return new EndpointRecord(id, networkId, ipv4, ipv6, mac, sandbox, interfaceName, containerName, options);
    }

    /// One of each family at most.
    public List<InetAddress> addresses() {
        return Stream.of(ipv4, ipv6).filter(Objects::nonNull).map(Cidr::address).toList();
    }

    public boolean has(InetAddress address) {
        return addresses().contains(address);
    }

    /// The container's name where that is known, else the endpoint's id: for sentences.
    public String title() {
        return container == null ? "endpoint " + id : "container " + container;
    }
}
