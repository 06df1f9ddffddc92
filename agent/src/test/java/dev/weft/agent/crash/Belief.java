package dev.weft.agent.crash;

import dev.weft.agent.upkeep.EngineView;
import dev.weft.engine.Attachment;
import dev.weft.engine.Container;
import dev.weft.engine.EngineInfo;
import dev.weft.engine.Ipam;
import dev.weft.engine.NetworkDetails;
import dev.weft.inet.AddressText;
import dev.weft.inet.Cidr;
import dev.weft.inet.Subnet;
import dev.weft.json.Json;
import dev.weft.json.JsonObject;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What an engine has, as far as Weft has to do with it; it travels from the test to the agent as a line of JSON.
record Belief(List<Network> networks, List<Endpoint> endpoints) {
    /// @param ipam `weft`, or Docker's own
    record Network(String id, String name, String ipam, List<Pool> pools) {}

    record Pool(Subnet subnet, @Nullable InetAddress gateway, Map<String, InetAddress> auxiliary) {}

    /// Of a container that runs.
    record Endpoint(
            String id,
            String networkId,
            String container,
            @Nullable Cidr ipv4,
            @Nullable Cidr ipv6) {
        List<InetAddress> addresses() {
            return Stream.of(ipv4, ipv6)
                    .filter(Objects::nonNull)
                    .map(Cidr::address)
                    .toList();
        }
    }

    static final String WEFT = "weft";

    /// Addresses that are given of a network's pool: the gateway, what is reserved, what containers have.
    Set<InetAddress> addresses(Network network, Pool pool) {
        var addresses = new HashSet<>(pool.auxiliary().values());
        if (pool.gateway() != null) {
            addresses.add(pool.gateway());
        }
        endpoints.stream()
                .filter(endpoint -> endpoint.networkId().equals(network.id()))
                .flatMap(endpoint -> endpoint.addresses().stream())
                .filter(pool.subnet()::contains)
                .forEach(addresses::add);
        return addresses;
    }

    String line() {
        return Json.write(Map.of(
                "networks", networks.stream().map(Belief::fields).toList(),
                "endpoints", endpoints.stream().map(Belief::fields).toList()));
    }

    private static Map<String, Object> fields(Network network) {
        return Map.of(
                "id", network.id(),
                "name", network.name(),
                "ipam", network.ipam(),
                "pools", network.pools().stream().map(Belief::fields).toList());
    }

    private static Map<String, Object> fields(Pool pool) {
        var fields = new HashMap<String, Object>();
        fields.put("subnet", pool.subnet().toString());
        if (pool.gateway() != null) {
            fields.put("gateway", AddressText.of(pool.gateway()));
        }
        var auxiliary = new TreeMap<String, Object>();
        pool.auxiliary().forEach((name, address) -> auxiliary.put(name, AddressText.of(address)));
        fields.put("auxiliary", auxiliary);
        return fields;
    }

    private static Map<String, Object> fields(Endpoint endpoint) {
        return Map.of(
                "id", endpoint.id(),
                "network", endpoint.networkId(),
                "container", endpoint.container(),
                "ipv4", Objects.toString(endpoint.ipv4(), ""),
                "ipv6", Objects.toString(endpoint.ipv6(), ""));
    }

    static Belief parse(String line) {
        var fields = JsonObject.parse("belief", line);
        return new Belief(
                fields.objects("networks").stream()
                        .map(network -> new Network(
                                network.string("id"),
                                network.string("name"),
                                network.string("ipam"),
                                network.objects("pools").stream()
                                        .map(pool -> new Pool(
                                                pool.required("subnet", Subnet::parse),
                                                pool.optional("gateway", InetAddress::ofLiteral),
                                                pool.map("auxiliary", InetAddress::ofLiteral)))
                                        .toList()))
                        .toList(),
                fields.objects("endpoints").stream()
                        .map(endpoint -> new Endpoint(
                                endpoint.string("id"),
                                endpoint.string("network"),
                                endpoint.string("container"),
                                endpoint.optional("ipv4", Cidr::parse),
                                endpoint.optional("ipv6", Cidr::parse)))
                        .toList());
    }

    /// As the agent would learn it from the Docker API.
    EngineView view() {
        var listed = networks.stream().map(Belief::listed).toList();
        return new EngineView(
                new EngineInfo("ENGINE", "host", "28.5.2", false, new EngineInfo.SwarmNode("inactive", "", false)),
                listed,
                endpoints.stream().map(this::container).toList(),
                id -> listed.stream()
                        .filter(network -> network.id().equals(id))
                        .map(network -> new NetworkDetails(network, attached(id)))
                        .findFirst());
    }

    private static dev.weft.engine.Network listed(Network network) {
        var pools = network.pools().stream()
                .map(pool -> new Ipam.Pool(pool.subnet(), null, pool.gateway(), pool.auxiliary()))
                .toList();
        return new dev.weft.engine.Network(
                network.id(),
                network.name(),
                WEFT,
                "local",
                false,
                false,
                new Ipam(network.ipam(), Map.of(), pools),
                Map.of(),
                Map.of());
    }

    private Container container(Endpoint endpoint) {
        var network = networks.stream()
                .filter(candidate -> candidate.id().equals(endpoint.networkId()))
                .map(Network::name)
                .findFirst()
                .orElseThrow();
        return new Container(
                endpoint.id(),
                List.of(endpoint.container()),
                "running",
                "Up",
                Map.of(),
                Map.of(
                        network,
                        new Attachment(
                                endpoint.networkId(),
                                endpoint.id(),
                                address(endpoint.ipv4()),
                                address(endpoint.ipv6()),
                                null,
                                List.of(),
                                Map.of())));
    }

    private static @Nullable InetAddress address(@Nullable Cidr cidr) {
        return Optional.ofNullable(cidr).map(Cidr::address).orElse(null);
    }

    private List<NetworkDetails.Attached> attached(String networkId) {
        return endpoints.stream()
                .filter(endpoint -> endpoint.networkId().equals(networkId))
                .map(endpoint -> new NetworkDetails.Attached(
                        endpoint.id(),
                        endpoint.container(),
                        endpoint.container(),
                        endpoint.ipv4(),
                        endpoint.ipv6(),
                        null))
                .toList();
    }
}
