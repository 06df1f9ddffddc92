package dev.weft.plugin.wire;

import static dev.weft.plugin.wire.Nothing.NOTHING;

import dev.weft.inet.AddressText;
import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.inet.Subnet;
import dev.weft.json.JsonObject;
import dev.weft.plugin.AddressKey;
import dev.weft.plugin.AddressRequest;
import dev.weft.plugin.AddressSpaces;
import dev.weft.plugin.AllocateNetworkRequest;
import dev.weft.plugin.Capabilities;
import dev.weft.plugin.CreateEndpointReply;
import dev.weft.plugin.CreateEndpointRequest;
import dev.weft.plugin.CreateNetworkRequest;
import dev.weft.plugin.Discovery;
import dev.weft.plugin.EndpointKey;
import dev.weft.plugin.EndpointOptions;
import dev.weft.plugin.ExposedPort;
import dev.weft.plugin.ExternalConnectivityRequest;
import dev.weft.plugin.GatewayAllocCheckReply;
import dev.weft.plugin.GatewayAllocCheckRequest;
import dev.weft.plugin.IpamCapabilities;
import dev.weft.plugin.IpamData;
import dev.weft.plugin.JoinReply;
import dev.weft.plugin.JoinRequest;
import dev.weft.plugin.PoolReply;
import dev.weft.plugin.PoolRequest;
import dev.weft.plugin.PortBinding;
import dev.weft.plugin.StaticRoute;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// All calls, and between their JSON and the records: every JSON name of the protocol stands here, once. Source:
/// libnetwork's remote driver and IPAM protocols (moby, `daemon/libnetwork/docs/remote.md` and `ipam.md`, and the
/// structures in `drivers/remote/api` and `ipams/remote/api`), and recordings of engines 20.10 and 28.5.
///
/// Messages are written as Go writes them: structures in their order, maps sorted by key.
public final class Protocol {
    private static final String LABEL = "com.docker.network.";
    private static final String GENERIC = LABEL + "generic";
    private static final String INTERNAL = LABEL + "internal";
    private static final String ENABLE_IPV4 = LABEL + "enable_ipv4";
    private static final String ENABLE_IPV6 = LABEL + "enable_ipv6";
    private static final String EXPOSED_PORTS = LABEL + "endpoint.exposedports";
    private static final String PORT_MAP = LABEL + "portmap";
    private static final String DNS_SERVERS = LABEL + "endpoint.dnsservers";
    private static final String MAC_ADDRESS = LABEL + "endpoint.macaddress";
    private static final String ADDRESS_TYPE = "RequestAddressType";
    private static final String GATEWAY_TYPE = LABEL + "gateway";
    private static final int LAST_PORT = 65535;
    private static final int LAST_PROTOCOL = 255;
    private static final Set<String> NAMED_OPTIONS = Set.of(EXPOSED_PORTS, PORT_MAP, DNS_SERVERS);

    private static final Shape<Nothing> NO_BODY = new Shape<>(_ -> NOTHING, _ -> Map.of());
    private static final Shape<String> NETWORK_ID =
            new Shape<>(body -> body.string("NetworkID"), id -> Map.of("NetworkID", id));
    private static final Shape<EndpointKey> ENDPOINT = new Shape<>(Protocol::endpoint, Protocol::ids);
    private static final Shape<Discovery> DISCOVERY = new Shape<>(Protocol::discovery, Protocol::discovery);

    public static final Call<Nothing, List<String>> ACTIVATE = new Call<>(
            "/Plugin.Activate",
            false,
            NO_BODY,
            new Shape<>(body -> body.strings("Implements"), roles -> Map.of("Implements", roles)));

    public static final Call<Nothing, Capabilities> GET_CAPABILITIES = new Call<>(
            "/NetworkDriver.GetCapabilities",
            false,
            NO_BODY,
            new Shape<>(Protocol::capabilities, Protocol::capabilities));
    public static final Call<AllocateNetworkRequest, Map<String, String>> ALLOCATE_NETWORK = new Call<>(
            "/NetworkDriver.AllocateNetwork",
            true,
            new Shape<>(Protocol::allocateNetwork, Protocol::allocateNetwork),
            new Shape<>(
                    body -> body.map("Options", Function.identity()),
                    options -> Map.of("Options", new TreeMap<>(options))));
    public static final Call<String, Nothing> FREE_NETWORK = command("/NetworkDriver.FreeNetwork", NETWORK_ID);
    public static final Call<GatewayAllocCheckRequest, GatewayAllocCheckReply> GW_ALLOC_CHECK = new Call<>(
            "/NetworkDriver.GwAllocCheck",
            true,
            new Shape<>(Protocol::gatewayAllocCheck, Protocol::gatewayAllocCheck),
            new Shape<>(Protocol::gatewayAllocChecked, Protocol::gatewayAllocChecked));
    public static final Call<CreateNetworkRequest, Nothing> CREATE_NETWORK =
            command("/NetworkDriver.CreateNetwork", new Shape<>(Protocol::createNetwork, Protocol::createNetwork));
    public static final Call<String, Nothing> DELETE_NETWORK = command("/NetworkDriver.DeleteNetwork", NETWORK_ID);
    public static final Call<CreateEndpointRequest, CreateEndpointReply> CREATE_ENDPOINT = new Call<>(
            "/NetworkDriver.CreateEndpoint",
            true,
            new Shape<>(Protocol::createEndpoint, Protocol::createEndpoint),
            new Shape<>(Protocol::createdEndpoint, Protocol::createdEndpoint));
    public static final Call<EndpointKey, Nothing> DELETE_ENDPOINT = command("/NetworkDriver.DeleteEndpoint", ENDPOINT);
    public static final Call<EndpointKey, Map<String, Object>> ENDPOINT_OPER_INFO = new Call<>(
            "/NetworkDriver.EndpointOperInfo",
            true,
            ENDPOINT,
            new Shape<>(body -> body.object("Value").values(), value -> Map.of("Value", value)));
    public static final Call<JoinRequest, JoinReply> JOIN = new Call<>(
            "/NetworkDriver.Join",
            true,
            new Shape<>(Protocol::join, Protocol::join),
            new Shape<>(Protocol::joined, Protocol::joined));
    public static final Call<EndpointKey, Nothing> LEAVE = command("/NetworkDriver.Leave", ENDPOINT);
    public static final Call<ExternalConnectivityRequest, Nothing> PROGRAM_EXTERNAL_CONNECTIVITY = command(
            "/NetworkDriver.ProgramExternalConnectivity",
            new Shape<>(Protocol::externalConnectivity, Protocol::externalConnectivity));
    public static final Call<EndpointKey, Nothing> REVOKE_EXTERNAL_CONNECTIVITY =
            command("/NetworkDriver.RevokeExternalConnectivity", ENDPOINT);
    public static final Call<Discovery, Nothing> DISCOVER_NEW = command("/NetworkDriver.DiscoverNew", DISCOVERY);
    public static final Call<Discovery, Nothing> DISCOVER_DELETE = command("/NetworkDriver.DiscoverDelete", DISCOVERY);

    public static final Call<Nothing, IpamCapabilities> GET_IPAM_CAPABILITIES = new Call<>(
            "/IpamDriver.GetCapabilities",
            false,
            NO_BODY,
            new Shape<>(Protocol::ipamCapabilities, Protocol::ipamCapabilities));
    public static final Call<Nothing, AddressSpaces> GET_DEFAULT_ADDRESS_SPACES = new Call<>(
            "/IpamDriver.GetDefaultAddressSpaces",
            false,
            NO_BODY,
            new Shape<>(Protocol::addressSpaces, Protocol::addressSpaces));
    public static final Call<PoolRequest, PoolReply> REQUEST_POOL = new Call<>(
            "/IpamDriver.RequestPool",
            true,
            new Shape<>(Protocol::requestPool, Protocol::requestPool),
            new Shape<>(Protocol::requestedPool, Protocol::requestedPool));
    public static final Call<String, Nothing> RELEASE_POOL =
            command("/IpamDriver.ReleasePool", new Shape<>(body -> body.string("PoolID"), id -> Map.of("PoolID", id)));
    public static final Call<AddressRequest, Cidr> REQUEST_ADDRESS = new Call<>(
            "/IpamDriver.RequestAddress",
            true,
            new Shape<>(Protocol::requestAddress, Protocol::requestAddress),
            new Shape<>(
                    body -> body.required("Address", Cidr::parse), address -> Map.of("Address", address.toString())));
    public static final Call<AddressKey, Nothing> RELEASE_ADDRESS =
            command("/IpamDriver.ReleaseAddress", new Shape<>(Protocol::releaseAddress, Protocol::releaseAddress));

    /// In the order in which engines make them.
    public static final List<Call<?, ?>> CALLS = List.of(
            ACTIVATE,
            GET_CAPABILITIES,
            GET_IPAM_CAPABILITIES,
            GET_DEFAULT_ADDRESS_SPACES,
            REQUEST_POOL,
            REQUEST_ADDRESS,
            GW_ALLOC_CHECK,
            ALLOCATE_NETWORK,
            CREATE_NETWORK,
            CREATE_ENDPOINT,
            JOIN,
            PROGRAM_EXTERNAL_CONNECTIVITY,
            ENDPOINT_OPER_INFO,
            REVOKE_EXTERNAL_CONNECTIVITY,
            LEAVE,
            DELETE_ENDPOINT,
            RELEASE_ADDRESS,
            RELEASE_POOL,
            DELETE_NETWORK,
            FREE_NETWORK,
            DISCOVER_NEW,
            DISCOVER_DELETE);

    private Protocol() {}

    private static <Q> Call<Q, Nothing> command(String path, Shape<Q> request) {
        return new Call<>(path, true, request, NO_BODY);
    }

    /// Network driver errors are read from `Err`, IPAM errors from `Error`; with both, every engine shows the sentence.
    public static Map<String, Object> error(String sentence) {
        var body = new LinkedHashMap<String, Object>();
        body.put("Err", sentence);
        body.put("Error", sentence);
        return body;
    }

    /// The sentence of an answer that is a refusal, as the engine finds it.
    public static @Nullable String refusal(String path, JsonObject answer) {
        return answer.optionalString(path.startsWith("/IpamDriver.") ? "Error" : "Err");
    }

    private static EndpointKey endpoint(JsonObject body) {
        return new EndpointKey(body.string("NetworkID"), body.string("EndpointID"));
    }

    private static Map<String, Object> ids(EndpointKey key) {
        var body = new LinkedHashMap<String, Object>();
        body.put("NetworkID", key.networkId());
        body.put("EndpointID", key.endpointId());
        return body;
    }

    private static AllocateNetworkRequest allocateNetwork(JsonObject body) {
        return new AllocateNetworkRequest(
                body.string("NetworkID"),
                body.map("Options", Function.identity()),
                ipamData(body, "IPv4Data"),
                ipamData(body, "IPv6Data"));
    }

    private static Map<String, Object> allocateNetwork(AllocateNetworkRequest request) {
        var body = new LinkedHashMap<String, @Nullable Object>();
        body.put("NetworkID", request.networkId());
        body.put("Options", new TreeMap<>(request.options()));
        body.put("IPv4Data", orNull(ipamData(request.ipv4Data())));
        body.put("IPv6Data", orNull(ipamData(request.ipv6Data())));
        return withNulls(body);
    }

    private static CreateNetworkRequest createNetwork(JsonObject body) {
        var options = body.object("Options");
        return new CreateNetworkRequest(
                body.string("NetworkID"),
                options.map(GENERIC, Function.identity()),
                options.flag(INTERNAL, false),
                options.flag(ENABLE_IPV4, true),
                options.flag(ENABLE_IPV6, false),
                ipamData(body, "IPv4Data"),
                ipamData(body, "IPv6Data"));
    }

    private static Map<String, Object> createNetwork(CreateNetworkRequest request) {
        var body = new LinkedHashMap<String, Object>();
        body.put("NetworkID", request.networkId());
        body.put(
                "Options",
                networkOptions(request.generic(), request.internal(), request.ipv4Enabled(), request.ipv6Enabled()));
        body.put("IPv4Data", ipamData(request.ipv4Data()));
        body.put("IPv6Data", ipamData(request.ipv6Data()));
        return body;
    }

    private static Map<String, Object> networkOptions(
            Map<String, String> generic, boolean internal, boolean ipv4Enabled, boolean ipv6Enabled) {
        var options = new TreeMap<String, Object>();
        options.put(ENABLE_IPV4, ipv4Enabled);
        options.put(ENABLE_IPV6, ipv6Enabled);
        options.put(GENERIC, new TreeMap<>(generic));
        if (internal) {
            options.put(INTERNAL, true);
        }
        return options;
    }

    private static List<IpamData> ipamData(JsonObject body, String name) {
        return body.objects(name).stream()
                .map(data -> new IpamData(
                        Objects.requireNonNullElse(data.optionalString("AddressSpace"), ""),
                        data.required("Pool", Cidr::parse).subnet(),
                        data.optional("Gateway", Cidr::parse),
                        data.map("AuxAddresses", Cidr::parse)))
                .toList();
    }

    private static List<Map<String, Object>> ipamData(List<IpamData> pools) {
        return pools.stream().map(Protocol::ipamData).toList();
    }

    private static Map<String, Object> ipamData(IpamData data) {
        var body = new TreeMap<String, Object>();
        body.put("AddressSpace", data.addressSpace());
        body.put("Pool", data.pool().toString());
        putText(body, "Gateway", data.gateway());
        if (!data.auxAddresses().isEmpty()) {
            var addresses = new TreeMap<String, Object>();
            data.auxAddresses().forEach((name, address) -> addresses.put(name, address.toString()));
            body.put("AuxAddresses", addresses);
        }
        return body;
    }

    private static GatewayAllocCheckRequest gatewayAllocCheck(JsonObject body) {
        var options = body.object("Options");
        return new GatewayAllocCheckRequest(
                options.map(GENERIC, Function.identity()),
                options.flag(INTERNAL, false),
                options.flag(ENABLE_IPV4, true),
                options.flag(ENABLE_IPV6, false));
    }

    private static Map<String, Object> gatewayAllocCheck(GatewayAllocCheckRequest request) {
        return Map.of(
                "Options",
                networkOptions(request.options(), request.internal(), request.ipv4Enabled(), request.ipv6Enabled()));
    }

    private static GatewayAllocCheckReply gatewayAllocChecked(JsonObject body) {
        return new GatewayAllocCheckReply(body.flag("SkipIPv4", false), body.flag("SkipIPv6", false));
    }

    private static Map<String, Object> gatewayAllocChecked(GatewayAllocCheckReply reply) {
        var body = new LinkedHashMap<String, Object>();
        body.put("SkipIPv4", reply.skipIpv4());
        body.put("SkipIPv6", reply.skipIpv6());
        return body;
    }

    private static CreateEndpointRequest createEndpoint(JsonObject body) {
        var link = body.object("Interface");
        return new CreateEndpointRequest(
                endpoint(body),
                link.optional("Address", Cidr::parse),
                link.optional("AddressIPv6", Cidr::parse),
                link.optional("MacAddress", MacAddress::parse),
                options(body));
    }

    private static Map<String, Object> createEndpoint(CreateEndpointRequest request) {
        var link = new LinkedHashMap<String, Object>();
        link.put("Address", text(request.address()));
        link.put("AddressIPv6", text(request.addressIpv6()));
        link.put("MacAddress", text(request.mac()));
        var body = ids(request.endpoint());
        body.put("Interface", link);
        body.put("Options", options(request.options()));
        return body;
    }

    private static CreateEndpointReply createdEndpoint(JsonObject body) {
        var link = body.object("Interface");
        return new CreateEndpointReply(
                link.optional("Address", Cidr::parse),
                link.optional("AddressIPv6", Cidr::parse),
                link.optional("MacAddress", MacAddress::parse));
    }

    private static Map<String, Object> createdEndpoint(CreateEndpointReply reply) {
        var link = new LinkedHashMap<String, Object>();
        putText(link, "Address", reply.address());
        putText(link, "AddressIPv6", reply.addressIpv6());
        putText(link, "MacAddress", reply.mac());
        return link.isEmpty() ? Map.of() : Map.of("Interface", link);
    }

    private static JoinRequest join(JsonObject body) {
        return new JoinRequest(endpoint(body), body.string("SandboxKey"), options(body));
    }

    private static Map<String, Object> join(JoinRequest request) {
        var body = ids(request.endpoint());
        body.put("SandboxKey", request.sandboxKey());
        body.put("Options", options(request.options()));
        return body;
    }

    private static JoinReply joined(JsonObject body) {
        var link = body.object("InterfaceName");
        return new JoinReply(
                link.optionalString("SrcName"),
                Objects.requireNonNullElse(link.optionalString("DstPrefix"), ""),
                link.optionalString("DstName"),
                body.optional("Gateway", InetAddress::ofLiteral),
                body.optional("GatewayIPv6", InetAddress::ofLiteral),
                body.objects("StaticRoutes").stream().map(Protocol::staticRoute).toList(),
                body.flag("DisableGatewayService", false));
    }

    private static Map<String, Object> joined(JoinReply reply) {
        var body = new LinkedHashMap<String, Object>();
        if (reply.sourceName() != null) {
            var link = new LinkedHashMap<String, Object>();
            link.put("SrcName", reply.sourceName());
            link.put("DstPrefix", reply.namePrefix());
            putText(link, "DstName", reply.name());
            body.put("InterfaceName", link);
        }
        putText(body, "Gateway", address(reply.gateway()));
        putText(body, "GatewayIPv6", address(reply.gatewayIpv6()));
        if (!reply.staticRoutes().isEmpty()) {
            body.put(
                    "StaticRoutes",
                    reply.staticRoutes().stream().map(Protocol::staticRoute).toList());
        }
        if (reply.disableGatewayService()) {
            body.put("DisableGatewayService", true);
        }
        return body;
    }

    private static StaticRoute staticRoute(JsonObject route) {
        return new StaticRoute(
                route.required("Destination", Subnet::parse), route.optional("NextHop", InetAddress::ofLiteral));
    }

    /// RouteType 0: by a next hop; 1: on the link.
    private static Map<String, Object> staticRoute(StaticRoute route) {
        var body = new LinkedHashMap<String, Object>();
        body.put("Destination", route.destination().toString());
        body.put("RouteType", route.nextHop() == null ? 1 : 0);
        putText(body, "NextHop", address(route.nextHop()));
        return body;
    }

    private static ExternalConnectivityRequest externalConnectivity(JsonObject body) {
        return new ExternalConnectivityRequest(endpoint(body), options(body));
    }

    private static Map<String, Object> externalConnectivity(ExternalConnectivityRequest request) {
        var body = ids(request.endpoint());
        body.put("Options", options(request.options()));
        return body;
    }

    private static EndpointOptions options(JsonObject body) {
        var options = body.object("Options");
        return new EndpointOptions(
                options.objects(EXPOSED_PORTS).stream()
                        .map(port ->
                                new ExposedPort(port.number("Proto", LAST_PROTOCOL), port.number("Port", LAST_PORT)))
                        .toList(),
                options.objects(PORT_MAP).stream().map(Protocol::portBinding).toList(),
                options.strings(DNS_SERVERS),
                driverOptions(options),
                otherOptions(options));
    }

    private static Map<String, Object> options(EndpointOptions options) {
        var body = new TreeMap<String, Object>(options.other());
        body.putAll(options.driverOptions());
        body.put(
                EXPOSED_PORTS,
                options.exposedPorts().stream().map(Protocol::exposedPort).toList());
        body.put(
                PORT_MAP,
                options.portBindings().stream().map(Protocol::portBinding).toList());
        if (!options.dnsServers().isEmpty()) {
            body.put(DNS_SERVERS, options.dnsServers());
        }
        return body;
    }

    private static Map<String, Object> exposedPort(ExposedPort port) {
        var body = new LinkedHashMap<String, Object>();
        body.put("Proto", port.protocol());
        body.put("Port", port.port());
        return body;
    }

    private static PortBinding portBinding(JsonObject binding) {
        return new PortBinding(
                binding.number("Proto", LAST_PROTOCOL),
                binding.number("Port", LAST_PORT),
                binding.optional("HostIP", InetAddress::ofLiteral),
                binding.number("HostPort", LAST_PORT),
                binding.number("HostPortEnd", LAST_PORT));
    }

    /// `IP` is the container's address, which the engine does not know when it sends this.
    private static Map<String, Object> portBinding(PortBinding binding) {
        var body = new LinkedHashMap<String, Object>();
        body.put("Proto", binding.protocol());
        body.put("IP", "");
        body.put("Port", binding.port());
        body.put("HostIP", text(address(binding.hostIp())));
        body.put("HostPort", binding.hostPort());
        body.put("HostPortEnd", binding.hostPortEnd());
        return body;
    }

    /// Engines put `--driver-opt key=value` beside their own options; only text can be typed.
    private static Map<String, String> driverOptions(JsonObject options) {
        return options.values().entrySet().stream()
                .filter(Protocol::isDriverOption)
                .collect(Collectors.toMap(Map.Entry::getKey, option -> (String) option.getValue()));
    }

    private static Map<String, Object> otherOptions(JsonObject options) {
        return options.values().entrySet().stream()
                .filter(option -> !NAMED_OPTIONS.contains(option.getKey()) && !isDriverOption(option))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /// The MAC address, in base64, is text too, but the engine's own, and the same as `Interface.MacAddress`.
    private static boolean isDriverOption(Map.Entry<String, Object> option) {
        return option.getValue() instanceof String
                && !NAMED_OPTIONS.contains(option.getKey())
                && !option.getKey().equals(GENERIC)
                && !option.getKey().equals(MAC_ADDRESS);
    }

    private static Capabilities capabilities(JsonObject body) {
        var scope = body.required("Scope", Protocol::scope);
        return new Capabilities(
                scope,
                Objects.requireNonNullElse(body.optional("ConnectivityScope", Protocol::scope), scope),
                body.flag("GwAllocChecker", false));
    }

    private static Map<String, Object> capabilities(Capabilities capabilities) {
        var body = new LinkedHashMap<String, Object>();
        body.put("Scope", scope(capabilities.scope()));
        body.put("ConnectivityScope", scope(capabilities.connectivityScope()));
        if (capabilities.gatewayAllocCheck()) {
            body.put("GwAllocChecker", true);
        }
        return body;
    }

    private static String scope(Capabilities.Scope scope) {
        return switch (scope) {
            case LOCAL -> "local";
            case GLOBAL -> "global";
        };
    }

    private static Capabilities.Scope scope(String text) {
        return switch (text) {
            case "local" -> Capabilities.Scope.LOCAL;
            case "global" -> Capabilities.Scope.GLOBAL;
            default -> throw new IllegalArgumentException("'" + text + "' is neither local nor global");
        };
    }

    private static Discovery discovery(JsonObject body) {
        return new Discovery(
                body.number("DiscoveryType", Integer.MAX_VALUE),
                body.object("DiscoveryData").values());
    }

    private static Map<String, Object> discovery(Discovery discovery) {
        var body = new LinkedHashMap<String, Object>();
        body.put("DiscoveryType", discovery.type());
        body.put("DiscoveryData", new TreeMap<>(discovery.data()));
        return body;
    }

    private static IpamCapabilities ipamCapabilities(JsonObject body) {
        return new IpamCapabilities(body.flag("RequiresMACAddress", false), body.flag("RequiresRequestReplay", false));
    }

    private static Map<String, Object> ipamCapabilities(IpamCapabilities capabilities) {
        var body = new LinkedHashMap<String, Object>();
        body.put("RequiresMACAddress", capabilities.requiresMacAddress());
        body.put("RequiresRequestReplay", capabilities.requiresRequestReplay());
        return body;
    }

    private static AddressSpaces addressSpaces(JsonObject body) {
        return new AddressSpaces(body.string("LocalDefaultAddressSpace"), body.string("GlobalDefaultAddressSpace"));
    }

    private static Map<String, Object> addressSpaces(AddressSpaces spaces) {
        var body = new LinkedHashMap<String, Object>();
        body.put("LocalDefaultAddressSpace", spaces.local());
        body.put("GlobalDefaultAddressSpace", spaces.global());
        return body;
    }

    private static PoolRequest requestPool(JsonObject body) {
        return new PoolRequest(
                Objects.requireNonNullElse(body.optionalString("AddressSpace"), ""),
                body.optional("Pool", Subnet::parse),
                body.optional("SubPool", Subnet::parse),
                body.map("Options", Function.identity()),
                body.flag("V6", false));
    }

    private static Map<String, Object> requestPool(PoolRequest request) {
        var body = new LinkedHashMap<String, Object>();
        body.put("AddressSpace", request.addressSpace());
        body.put("Pool", text(request.pool()));
        body.put("SubPool", text(request.subPool()));
        body.put("Options", new TreeMap<>(request.options()));
        body.put("V6", request.ipv6());
        return body;
    }

    private static PoolReply requestedPool(JsonObject body) {
        return new PoolReply(
                body.string("PoolID"), body.required("Pool", Subnet::parse), body.map("Data", Function.identity()));
    }

    private static Map<String, Object> requestedPool(PoolReply reply) {
        var body = new LinkedHashMap<String, Object>();
        body.put("PoolID", reply.poolId());
        body.put("Pool", reply.pool().toString());
        body.put("Data", new TreeMap<>(reply.data()));
        return body;
    }

    private static AddressRequest requestAddress(JsonObject body) {
        var options = body.object("Options");
        var further = new LinkedHashMap<>(body.map("Options", Function.identity()));
        boolean gateway = GATEWAY_TYPE.equals(further.remove(ADDRESS_TYPE));
        further.remove(MAC_ADDRESS);
        return new AddressRequest(
                body.string("PoolID"),
                body.optional("Address", InetAddress::ofLiteral),
                gateway,
                options.optional(MAC_ADDRESS, MacAddress::parse),
                further);
    }

    private static Map<String, Object> requestAddress(AddressRequest request) {
        var options = new TreeMap<String, Object>(request.options());
        if (request.gateway()) {
            options.put(ADDRESS_TYPE, GATEWAY_TYPE);
        }
        putText(options, MAC_ADDRESS, request.mac());
        var body = new LinkedHashMap<String, @Nullable Object>();
        body.put("PoolID", request.poolId());
        body.put("Address", text(address(request.address())));
        body.put("Options", options.isEmpty() ? null : options);
        return withNulls(body);
    }

    private static AddressKey releaseAddress(JsonObject body) {
        return new AddressKey(body.string("PoolID"), body.required("Address", InetAddress::ofLiteral));
    }

    private static Map<String, Object> releaseAddress(AddressKey key) {
        var body = new LinkedHashMap<String, Object>();
        body.put("PoolID", key.poolId());
        body.put("Address", AddressText.of(key.address()));
        return body;
    }

    private static void putText(Map<String, Object> body, String name, @Nullable Object value) {
        if (value != null) {
            body.put(name, value.toString());
        }
    }

    /// Engines write "" for what is not there.
    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    private static @Nullable String address(@Nullable InetAddress address) {
        return address == null ? null : AddressText.of(address);
    }

    /// Go writes a list that was never made as null.
    private static @Nullable List<?> orNull(List<?> list) {
        return list.isEmpty() ? null : list;
    }

    /// Bodies are maps without nulls, but for the two that engines write with them.
    @SuppressWarnings("NullAway")
    private static Map<String, Object> withNulls(Map<String, @Nullable Object> body) {
        return body;
    }
}
