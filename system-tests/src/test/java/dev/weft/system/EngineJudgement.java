package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.weft.drivers.mode.LinkNames;
import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.inet.Subnet;
import dev.weft.netlink.Link;
import java.net.InetAddress;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Whether an engine could work with an agent's answers: what libnetwork's remote driver does with each of them, in
/// engines 20.10 to 28.5. Every refusal must have one of a few reasons, which this works out from the calls alone.
final class EngineJudgement {
    private static final List<String> OPTIONS = List.of(
            "com.docker.network.bridge.enable_icc",
            "com.docker.network.driver.mtu",
            "egress_rate",
            "flood",
            "host_access",
            "ingress_rate",
            "mode",
            "routes",
            "scope",
            "vni",
            "weft.network");
    private static final String ENDPOINT_OPTIONS = "com.docker.network.endpoint.ifname, egress_rate, ingress_rate";

    private static final Set<String> DELETES =
            Set.of("DeleteNetwork", "DeleteEndpoint", "Leave", "RevokeExternalConnectivity");

    private final ReplayHost host;
    private final Set<String> networks = new TreeSet<>();

    /// Those of networks.
    private final Map<String, List<Subnet>> pools = new HashMap<>();

    /// Endpoint to network.
    private final Map<String, String> endpoints = new HashMap<>();

    /// One that an engine gives again is no longer the other's, whose end no agent heard.
    private final Map<String, Set<InetAddress>> addressesOfEndpoints = new HashMap<>();

    /// Those of endpoints, as an engine knows them.
    private final Map<String, String> macs = new HashMap<>();

    EngineJudgement(ReplayHost host) {
        this.host = host;
    }

    /// Ids of the networks that the agent has accepted and was not told to delete.
    Set<String> networks() {
        return networks;
    }

    /// Ids of the endpoints that the agent has accepted and was not told to delete, each with its network's.
    Map<String, String> endpoints() {
        return endpoints;
    }

    /// The agent has lost its state.
    void forget() {
        networks.clear();
        endpoints.clear();
    }

    /// Whether this link of ours belongs to one of them.
    boolean mayHave(String link) {
        return Stream.concat(
                        networks.stream().map(LinkNames::networkAlias),
                        endpoints.keySet().stream().map(LinkNames::endpointAlias))
                .anyMatch(link::contains);
    }

    void judge(RecordedCall call, EngineConnection.Answer answer) {
        var expected = expectedRefusal(call);
        if (!expected.isEmpty()) {
            assertThat(answer.err()).contains(expected);
            assertThat(answer.status()).isIn(200, 400, 404);
            return;
        }
        assertThat(answer.err()).isEmpty();
        assertThat(answer.status()).isEqualTo(200);
        accept(call, answer.json());
    }

    /// Sentences in which the agent must say no; none if it must not.
    private List<String> expectedRefusal(RecordedCall call) {
        if (call.method().equals("Activate") || call.method().equals("GetCapabilities")) {
            return List.of();
        }
        if (call.body().isEmpty()) { // a call whose connection died, sent again
            return List.of("the call came without a body");
        }
        var network = call.networkId();
        return switch (call.method()) {
            case "CreateNetwork" -> {
                var unknown = generic(call).keySet().stream()
                        .filter(option -> !OPTIONS.contains(option))
                        .map(option -> "unknown option '" + option + "'; known: " + String.join(", ", OPTIONS))
                        .toList();
                yield unknown.isEmpty() && hasNoWayOut(call)
                        ? List.of("it has IPv6 alone, and docker_gwbridge")
                        : unknown;
            }
            case "CreateEndpoint" -> {
                if (!networks.contains(network)) {
                    yield List.of("network " + network + " is not known to this agent");
                }
                if (isOutsidePools(call)) { // from an IPAM driver that has lost its state
                    yield List.of(" is in no pool of network " + network);
                }
                yield driverOptions(call).stream()
                        .map(option -> "unknown option '" + option + "'; known: " + ENDPOINT_OPTIONS)
                        .toList();
            }
            case "Join" -> {
                if (!networks.contains(network)) {
                    yield List.of("network " + network + " is not known to this agent");
                }
                yield endpoints.containsKey(call.endpointId())
                        ? List.of()
                        : List.of("endpoint " + call.endpointId() + " is not known to this agent");
            }
            default -> List.of();
        };
    }

    private void accept(RecordedCall call, Map<String, Object> reply) {
        if (DELETES.contains(call.method()) || call.method().equals("ProgramExternalConnectivity")) {
            assertThat(reply).isEmpty();
        }
        switch (call.method()) {
            case "Activate" ->
                assertThat(reply).isEqualTo(Map.of("Implements", List.of("NetworkDriver", "IpamDriver")));
            case "GetCapabilities" ->
                assertThat(reply)
                        .isEqualTo(Map.of("Scope", "local", "ConnectivityScope", "local", "GwAllocChecker", true));
            // These three go only to drivers whose scope is global, which the agent's is not.
            case "AllocateNetwork" ->
                assertThat(reply).isEqualTo(Map.of("Options", call.json().get("Options")));
            case "FreeNetwork", "DiscoverNew" -> assertThat(reply).isEmpty();
            case "GwAllocCheck" -> assertThat(reply).isEqualTo(Map.of("SkipIPv4", true, "SkipIPv6", true));
            case "CreateNetwork" -> {
                assertThat(reply).isEmpty();
                networks.add(call.networkId());
                pools.put(call.networkId(), pools(call));
                assertThat(bridge(call.networkId()).up()).isTrue();
            }
            case "CreateEndpoint" -> created(call, reply);
            case "Join" -> joined(call, reply);
            case "EndpointOperInfo" -> assertThat(reply.get("Value")).isInstanceOf(Map.class);
            case "DeleteEndpoint" -> {
                endpoints.remove(call.endpointId());
                assertNothingIsLeftOf(LinkNames.endpointAlias(call.endpointId()));
            }
            case "DeleteNetwork" -> {
                networks.remove(call.networkId());
                var gone = endpoints.entrySet().stream()
                        .filter(endpoint -> endpoint.getValue().equals(call.networkId()))
                        .map(Map.Entry::getKey)
                        .toList();
                gone.forEach(endpoint -> {
                    endpoints.remove(endpoint);
                    assertNothingIsLeftOf(LinkNames.endpointAlias(endpoint));
                });
                assertNothingIsLeftOf(LinkNames.networkAlias(call.networkId()));
            }
            case "Leave", "RevokeExternalConnectivity", "ProgramExternalConnectivity" -> {}
            default -> fail("no engine 20.10 to 28.5 sends %s", call);
        }
    }

    /// An engine fails the command if the driver changes an address or a MAC address that it gave.
    private void created(RecordedCall call, Map<String, Object> reply) {
        var asked = object(call.json(), "Interface");
        var chosen = object(reply, "Interface");
        assertThat(chosen.keySet()).isSubsetOf("MacAddress");
        var mac = (String) asked.get("MacAddress");
        if (mac.isEmpty()) {
            mac = (String) chosen.get("MacAddress");
            assertThat(MacAddress.parse(mac).isMulticast()).isFalse();
            assertThat(MacAddress.parse(mac).bits()).isNotZero();
        } else {
            assertThat(chosen).isEmpty();
        }
        var addresses = addresses(call);
        endpoints
                .keySet()
                .removeIf(endpoint -> call.networkId().equals(endpoints.get(endpoint))
                        && !endpoint.equals(call.endpointId())
                        && !Collections.disjoint(addressesOfEndpoints.get(endpoint), addresses));
        endpoints.put(call.endpointId(), call.networkId());
        addressesOfEndpoints.put(call.endpointId(), addresses);
        macs.put(call.endpointId(), mac);
    }

    /// An engine moves the link that is named. With a gateway it would not make docker_gwbridge, and with a gateway
    /// outside the endpoint's subnet fail.
    private void joined(RecordedCall call, Map<String, Object> reply) {
        assertThat(reply.keySet()).isEqualTo(Set.of("InterfaceName"));
        var names = object(reply, "InterfaceName");
        assertThat(names).hasSize(2).containsEntry("DstPrefix", "eth");
        var link = host.hostLink((String) names.get("SrcName"));
        assertThat(link)
                .as("link %s in the host's namespace", names.get("SrcName"))
                .isPresent();
        assertThat(link.get().address()).hasToString(macs.get(call.endpointId()));
        var bridge = bridge(call.networkId());
        assertThat(link.get().mtu()).isEqualTo(bridge.mtu());
        assertThat(fabric(LinkNames.endpointAlias(call.endpointId())))
                .singleElement()
                .satisfies(port -> {
                    assertThat(port.master()).isEqualTo(bridge.index());
                    assertThat(port.up()).isTrue();
                    assertThat(port.index()).isEqualTo(link.get().peerIndex());
                });
    }

    private Link bridge(String networkId) {
        var bridges = fabric(LinkNames.networkAlias(networkId));
        assertThat(bridges).hasSize(1);
        return bridges.getFirst();
    }

    private List<Link> fabric(String alias) {
        return host.fabric().stream().filter(link -> link.alias().equals(alias)).toList();
    }

    private void assertNothingIsLeftOf(String alias) {
        assertThat(host.ourLinks()).noneMatch(link -> link.contains(alias));
    }

    private static List<Subnet> pools(RecordedCall call) {
        return Stream.of("IPv4Data", "IPv6Data")
                .flatMap(family -> ((List<?>) call.json().get(family)).stream())
                .map(data -> Subnet.parse((String) ((Map<?, ?>) data).get("Pool")))
                .toList();
    }

    private static boolean hasNoWayOut(RecordedCall call) {
        return ((List<?>) call.json().get("IPv4Data")).isEmpty()
                && !((List<?>) call.json().get("IPv6Data")).isEmpty()
                && !object(call.json(), "Options").containsKey("com.docker.network.internal");
    }

    private boolean isOutsidePools(RecordedCall call) {
        return addresses(call).stream()
                .anyMatch(address -> pools.get(call.networkId()).stream().noneMatch(pool -> pool.contains(address)));
    }

    private static Set<InetAddress> addresses(RecordedCall call) {
        var link = object(call.json(), "Interface");
        return Stream.of("Address", "AddressIPv6")
                .map(family -> (String) link.get(family))
                .filter(address -> !address.isEmpty())
                .map(address -> Cidr.parse(address).address())
                .collect(Collectors.toSet());
    }

    private static Map<String, Object> generic(RecordedCall call) {
        return object(object(call.json(), "Options"), "com.docker.network.generic");
    }

    /// `--driver-opt` pairs stand beside the engine's own options, which all begin alike.
    private static List<String> driverOptions(RecordedCall call) {
        return object(call.json(), "Options").keySet().stream()
                .filter(option -> !option.startsWith("com.docker.network."))
                .sorted()
                .toList();
    }

    /// Empty if absent.
    private static Map<String, Object> object(Map<String, Object> body, String name) {
        var fields = new HashMap<String, Object>();
        if (body.get(name) instanceof Map<?, ?> object) {
            object.forEach((field, value) -> fields.put((String) field, value));
        }
        return fields;
    }
}
