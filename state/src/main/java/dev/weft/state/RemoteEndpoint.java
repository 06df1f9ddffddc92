package dev.weft.state;

import static java.util.Objects.requireNonNull;

import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.json.JsonObject;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What other hosts are told of an endpoint.
///
/// @param id        Docker's endpoint id
/// @param ipv4      null on a network without IPv4
/// @param ipv6      null on a network without IPv6
/// @param container its name, where its host knows it
public record RemoteEndpoint(
        String id,
        @Nullable Cidr ipv4,
        @Nullable Cidr ipv6,
        MacAddress mac,
        @Nullable String container) {
    public RemoteEndpoint {
        requireNonNull(id, "id");
        requireNonNull(mac, "mac");
    }

    public static RemoteEndpoint of(EndpointRecord endpoint) {
        return new RemoteEndpoint(
                endpoint.id(), endpoint.ipv4(), endpoint.ipv6(), endpoint.mac(), endpoint.container());
    }

    /// One of each family at most.
    public List<InetAddress> addresses() {
        return Stream.of(ipv4, ipv6).filter(Objects::nonNull).map(Cidr::address).toList();
    }

    /// The container's name where that is known, else the endpoint's id: for sentences.
    public String title() {
        return container == null ? "endpoint " + id : "container " + container;
    }

    Map<String, Object> values() {
        var values = new LinkedHashMap<String, Object>();
        values.put("id", id);
        if (ipv4 != null) {
            values.put("ipv4", ipv4.toString());
        }
        if (ipv6 != null) {
            values.put("ipv6", ipv6.toString());
        }
        values.put("mac", mac.toString());
        if (container != null) {
            values.put("container", container);
        }
        return values;
    }

    static RemoteEndpoint of(JsonObject values) {
        return new RemoteEndpoint(
                values.string("id"),
                values.optional("ipv4", Cidr::parse),
                values.optional("ipv6", Cidr::parse),
                values.required("mac", MacAddress::parse),
                values.optionalString("container"));
    }
}
