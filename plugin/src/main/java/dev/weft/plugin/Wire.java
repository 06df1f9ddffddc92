package dev.weft.plugin;

import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Between the bodies' JSON and the records: every JSON name of the protocol stands here, once. Source: libnetwork's
/// remote driver protocol (moby, `daemon/libnetwork/docs/remote.md`), and recordings of engines 20.10 and 28.5.
final class Wire {
    private static final String LABEL = "com.docker.network.";
    private static final String GENERIC = LABEL + "generic";
    private static final String EXPOSED_PORTS = LABEL + "endpoint.exposedports";
    private static final String PORT_MAP = LABEL + "portmap";
    private static final String DNS_SERVERS = LABEL + "endpoint.dnsservers";
    /// The same as Interface.MacAddress, in base64.
    private static final String MAC_ADDRESS = LABEL + "endpoint.macaddress";
    private static final Set<String> NOT_DRIVER_OPTIONS =
            Set.of(GENERIC, EXPOSED_PORTS, PORT_MAP, DNS_SERVERS, MAC_ADDRESS);

    private Wire() {}

    static String networkId(Fields body) {
        return body.string("NetworkID");
    }

    static EndpointKey endpoint(Fields body) {
        return new EndpointKey(networkId(body), body.string("EndpointID"));
    }

    static CreateNetworkRequest createNetwork(Fields body) {
        var options = body.object("Options");
        return new CreateNetworkRequest(
                networkId(body),
                options.map(GENERIC, Function.identity()),
                options.flag(LABEL + "internal", false),
                options.flag(LABEL + "enable_ipv4", true),
                options.flag(LABEL + "enable_ipv6", false),
                body.objects("IPv4Data").stream().map(Wire::ipamData).toList(),
                body.objects("IPv6Data").stream().map(Wire::ipamData).toList());
    }

    private static IpamData ipamData(Fields data) {
        var addressSpace = data.optionalString("AddressSpace");
        return new IpamData(
                addressSpace == null ? "" : addressSpace,
                data.required("Pool", Cidr::parse).subnet(),
                data.optional("Gateway", Cidr::parse),
                data.map("AuxAddresses", Cidr::parse));
    }

    static CreateEndpointRequest createEndpoint(Fields body) {
        var link = body.object("Interface");
        return new CreateEndpointRequest(
                endpoint(body),
                link.optional("Address", Cidr::parse),
                link.optional("AddressIPv6", Cidr::parse),
                link.optional("MacAddress", MacAddress::parse),
                options(body));
    }

    static JoinRequest join(Fields body) {
        return new JoinRequest(endpoint(body), body.string("SandboxKey"), options(body));
    }

    static ExternalConnectivityRequest externalConnectivity(Fields body) {
        return new ExternalConnectivityRequest(endpoint(body), options(body));
    }

    private static EndpointOptions options(Fields body) {
        var options = body.object("Options");
        return new EndpointOptions(
                options.objects(EXPOSED_PORTS).stream()
                        .map(port -> new ExposedPort(port.number("Proto"), port.number("Port")))
                        .toList(),
                options.objects(PORT_MAP).stream().map(Wire::portBinding).toList(),
                options.strings(DNS_SERVERS),
                driverOptions(options));
    }

    private static PortBinding portBinding(Fields binding) {
        return new PortBinding(
                binding.number("Proto"),
                binding.number("Port"),
                binding.optional("HostIP", InetAddress::ofLiteral),
                binding.number("HostPort"),
                binding.number("HostPortEnd"));
    }

    /// Engines put `--driver-opt key=value` beside their own options; only text can be typed.
    private static Map<String, String> driverOptions(Fields options) {
        return options.values().entrySet().stream()
                .filter(option -> option.getValue() instanceof String && !NOT_DRIVER_OPTIONS.contains(option.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, option -> (String) option.getValue()));
    }

    static Map<String, Object> capabilities(Capabilities capabilities) {
        return Map.of(
                "Scope", scope(capabilities.scope()),
                "ConnectivityScope", scope(capabilities.connectivityScope()));
    }

    private static String scope(Capabilities.Scope scope) {
        return switch (scope) {
            case LOCAL -> "local";
            case GLOBAL -> "global";
        };
    }

    static Map<String, Object> created(CreateEndpointReply reply) {
        var link = new LinkedHashMap<String, Object>();
        putText(link, "Address", reply.address());
        putText(link, "AddressIPv6", reply.addressIpv6());
        putText(link, "MacAddress", reply.mac());
        return link.isEmpty() ? Map.of() : Map.of("Interface", link);
    }

    static Map<String, Object> joined(JoinReply reply) {
        var body = new LinkedHashMap<String, Object>();
        if (reply.sourceName() != null) {
            body.put("InterfaceName", Map.of("SrcName", reply.sourceName(), "DstPrefix", reply.namePrefix()));
        }
        putText(body, "Gateway", text(reply.gateway()));
        putText(body, "GatewayIPv6", text(reply.gatewayIpv6()));
        if (!reply.staticRoutes().isEmpty()) {
            body.put(
                    "StaticRoutes",
                    reply.staticRoutes().stream().map(Wire::staticRoute).toList());
        }
        if (reply.disableGatewayService()) {
            body.put("DisableGatewayService", true);
        }
        return body;
    }

    /// RouteType 0: by a next hop; 1: on the link.
    private static Map<String, Object> staticRoute(StaticRoute route) {
        var nextHop = text(route.nextHop());
        return nextHop == null
                ? Map.of("Destination", route.destination().toString(), "RouteType", 1)
                : Map.of("Destination", route.destination().toString(), "RouteType", 0, "NextHop", nextHop);
    }

    static Map<String, Object> operInfo(Map<String, Object> value) {
        return Map.of("Value", value);
    }

    static Map<String, Object> implemented(String role) {
        return Map.of("Implements", List.of(role));
    }

    /// Network driver errors are read from `Err`, IPAM errors from `Error`; with both, every engine shows the sentence.
    static Map<String, Object> error(String sentence) {
        var body = new LinkedHashMap<String, Object>();
        body.put("Err", sentence);
        body.put("Error", sentence);
        return body;
    }

    private static void putText(Map<String, Object> body, String name, @Nullable Object value) {
        if (value != null) {
            body.put(name, value.toString());
        }
    }

    private static @Nullable String text(@Nullable InetAddress address) {
        return address == null ? null : address.getHostAddress();
    }
}
