package dev.weft.plugin.wire;

import static java.util.Map.entry;

import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.inet.Subnet;
import dev.weft.plugin.*;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A request and an answer of each call with everything in it that engines were seen to send, or take.
final class Samples {
    private static final EndpointKey ENDPOINT = new EndpointKey("f161…", "1ecb…");
    private static final IpamData IPV4 = new IpamData(
            "LocalDefault",
            Subnet.parse("10.5.0.0/16"),
            Cidr.parse("10.5.0.1/16"),
            Map.of("printer", Cidr.parse("10.5.0.9/16")));
    private static final IpamData IPV6 = new IpamData(
            "LocalDefault",
            Subnet.parse("fd05::/64"),
            Cidr.parse("fd05::1/64"),
            Map.of("printer", Cidr.parse("fd05::9/64")));
    private static final List<ExposedPort> EXPOSED = List.of(new ExposedPort(6, 80));
    private static final List<PortBinding> PUBLISHED =
            List.of(new PortBinding(6, 80, InetAddress.ofLiteral("127.0.0.1"), 8080, 8089));
    private static final Map<String, Object> LINKS = nulls("ChildEndpoints", "ParentEndpoints");

    static final Map<Call<?, ?>, Object> REQUESTS = Map.ofEntries(
            entry(
                    Protocol.ALLOCATE_NETWORK,
                    new AllocateNetworkRequest("n7uxza…", Map.of("key", "value"), List.of(IPV4), List.of(IPV6))),
            entry(Protocol.FREE_NETWORK, "n7uxza…"),
            entry(Protocol.GW_ALLOC_CHECK, new GatewayAllocCheckRequest(Map.of("key", "value"), true, true, true)),
            entry(
                    Protocol.CREATE_NETWORK,
                    new CreateNetworkRequest(
                            "f161…", Map.of("key", "value"), true, true, true, List.of(IPV4), List.of(IPV6))),
            entry(Protocol.DELETE_NETWORK, "f161…"),
            entry(
                    Protocol.CREATE_ENDPOINT,
                    new CreateEndpointRequest(
                            ENDPOINT,
                            Cidr.parse("10.5.0.2/16"),
                            Cidr.parse("fd05::2/64"),
                            MacAddress.parse("02:42:0a:05:00:02"),
                            new EndpointOptions(
                                    EXPOSED,
                                    PUBLISHED,
                                    List.of("9.9.9.9"),
                                    Map.of("key", "value"),
                                    Map.of("com.docker.network.endpoint.macaddress", "AkIKBQAC")))),
            entry(Protocol.DELETE_ENDPOINT, ENDPOINT),
            entry(Protocol.ENDPOINT_OPER_INFO, ENDPOINT),
            entry(
                    Protocol.JOIN,
                    new JoinRequest(
                            ENDPOINT,
                            "/var/run/docker/netns/3f2a9c01d7be",
                            new EndpointOptions(
                                    EXPOSED,
                                    PUBLISHED,
                                    List.of(),
                                    Map.of(),
                                    Map.of("com.docker.network.generic", LINKS)))),
            entry(Protocol.LEAVE, ENDPOINT),
            entry(
                    Protocol.PROGRAM_EXTERNAL_CONNECTIVITY,
                    new ExternalConnectivityRequest(
                            ENDPOINT,
                            new EndpointOptions(
                                    EXPOSED,
                                    PUBLISHED,
                                    List.of(),
                                    Map.of(),
                                    Map.of(
                                            "com.docker.network.driver.private.no_proxy_6to4",
                                            false,
                                            "com.docker.network.generic",
                                            LINKS)))),
            entry(Protocol.REVOKE_EXTERNAL_CONNECTIVITY, ENDPOINT),
            entry(
                    Protocol.DISCOVER_NEW,
                    new Discovery(
                            Discovery.NODE, Map.of("Address", "10.0.0.7", "BindAddress", "10.0.0.7", "Self", true))),
            entry(
                    Protocol.DISCOVER_DELETE,
                    new Discovery(Discovery.NODE, Map.of("Address", "10.0.0.8", "BindAddress", "", "Self", false))),
            entry(
                    Protocol.REQUEST_POOL,
                    new PoolRequest(
                            "local",
                            Subnet.parse("10.5.0.0/16"),
                            Subnet.parse("10.5.8.0/24"),
                            Map.of("key", "value"),
                            true)),
            entry(Protocol.RELEASE_POOL, "pool-1"),
            entry(
                    Protocol.REQUEST_ADDRESS,
                    new AddressRequest(
                            "pool-1",
                            InetAddress.ofLiteral("10.5.0.2"),
                            true,
                            MacAddress.parse("02:42:0a:05:00:02"),
                            Map.of("key", "value"))),
            entry(Protocol.RELEASE_ADDRESS, new AddressKey("pool-1", InetAddress.ofLiteral("10.5.0.2"))));

    static final Map<Call<?, ?>, Object> ANSWERS = Map.ofEntries(
            entry(Protocol.ACTIVATE, List.of("NetworkDriver", "IpamDriver")),
            entry(Protocol.GET_CAPABILITIES, Capabilities.LOCAL.withGatewayAllocCheck()),
            entry(Protocol.GET_IPAM_CAPABILITIES, new IpamCapabilities(true, true)),
            entry(Protocol.GET_DEFAULT_ADDRESS_SPACES, new AddressSpaces("local", "global")),
            entry(Protocol.REQUEST_POOL, new PoolReply("pool-1", Subnet.parse("10.5.0.0/16"), Map.of("key", "value"))),
            entry(Protocol.REQUEST_ADDRESS, Cidr.parse("10.5.0.2/16")),
            entry(Protocol.GW_ALLOC_CHECK, new GatewayAllocCheckReply(true, true)),
            entry(Protocol.ALLOCATE_NETWORK, Map.of("key", "value")),
            entry(
                    Protocol.CREATE_ENDPOINT,
                    new CreateEndpointReply(
                            Cidr.parse("10.5.0.2/16"),
                            Cidr.parse("fd05::2/64"),
                            MacAddress.parse("02:42:0a:05:00:02"))),
            entry(
                    Protocol.JOIN,
                    JoinReply.link("veth1")
                            .withName("lan0")
                            .withGateway(InetAddress.ofLiteral("10.5.0.1"))
                            .withGateway(InetAddress.ofLiteral("fd05::1"))
                            .withRoute(new StaticRoute(Subnet.parse("10.9.0.0/16"), InetAddress.ofLiteral("10.5.0.7")))
                            .withoutGatewayService()),
            entry(Protocol.ENDPOINT_OPER_INFO, Map.of("key", "value")));

    private Samples() {}

    private static Map<String, Object> nulls(String... names) {
        var map = new TreeMap<String, Object>();
        List.of(names).forEach(name -> map.put(name, null));
        return map;
    }

    @SuppressWarnings("unchecked") // the maps above pair each call with its own record
    static <Q> Map<String, Object> request(Call<Q, ?> call) {
        return REQUESTS.containsKey(call) ? call.request().write().apply((Q) REQUESTS.get(call)) : Map.of();
    }

    @SuppressWarnings("unchecked")
    static <A> Map<String, Object> answer(Call<?, A> call) {
        return ANSWERS.containsKey(call) ? call.reply().write().apply((A) ANSWERS.get(call)) : Map.of();
    }
}
