package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inet.AddressText;
import dev.weft.inet.Cidr;
import dev.weft.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What a recording asks of an IPAM driver, asked of a host's agent. The engine believes what was recorded: pools and
/// addresses in its later calls become those that the agent has answered in their place.
final class IpamReplay {
    private static final String SERIAL = "com.docker.network.ipam.serial";
    private static final Map<String, Object> SPACES =
            Map.of("LocalDefaultAddressSpace", "weft-local", "GlobalDefaultAddressSpace", "weft-global");

    private final ReplayHost host;

    /// The agent's pools with their recorded addresses, and what these are here.
    private final Map<String, Map<InetAddress, InetAddress>> pools = new TreeMap<>();

    /// How often the agent has answered with a pool that is not released.
    private final Map<String, Integer> asked = new HashMap<>();

    /// Of networks with addresses of this driver.
    private final Map<String, List<String>> poolsOfNetworks = new HashMap<>();

    IpamReplay(ReplayHost host) {
        this.host = host;
    }

    /// The agent has lost its state.
    void forget() {
        pools.clear();
        asked.clear();
        poolsOfNetworks.clear();
    }

    /// Without it an agent knows no more how often engines have asked.
    void agentKilled() {
        asked.replaceAll((pool, times) -> 1);
    }

    /// An agent asks for nothing to be replayed, so what an engine asked for anew at its start is not asked of it.
    boolean isReplay(RecordedCall call) {
        return switch (call.method()) {
            case "RequestPool" ->
                !isBySwarm(call)
                        && poolsOfNetworks.values().stream()
                                .flatMap(List::stream)
                                .filter(pools::containsKey)
                                .anyMatch(id ->
                                        id.equals("weft-local/" + call.json().get("Pool")));
            case "RequestAddress" ->
                !isBySwarm(call)
                        && !text(call, "Address").isEmpty()
                        && pools.getOrDefault(pool(call), Map.of())
                                .containsKey(InetAddress.ofLiteral(text(call, "Address")));
            default -> false;
        };
    }

    /// A call of the IPAM driver.
    void play(RecordedCall call) throws IOException {
        switch (call.method()) {
            case "GetCapabilities" ->
                assertThat(answer(call)).isEqualTo(Map.of("RequiresMACAddress", false, "RequiresRequestReplay", false));
            case "GetDefaultAddressSpaces" -> assertThat(answer(call)).isEqualTo(SPACES);
            case "RequestPool" -> requestPool(call);
            case "RequestAddress" -> requestAddress(call);
            case "ReleaseAddress" -> releaseAddress(call);
            case "ReleasePool" -> releasePool(call);
            default -> throw new AssertionError("no engine 20.10 to 28.5 sends " + call);
        }
    }

    private Map<String, Object> answer(RecordedCall call) throws IOException {
        var answer = host.ask(call.conn(), call.bytes());
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json()).doesNotContainKeys("Err", "Error");
        return answer.json();
    }

    private void requestPool(RecordedCall call) throws IOException {
        var body = new HashMap<>(call.json());
        var space = space(body);
        body.put("AddressSpace", space);
        var options = new HashMap<>(object(body, "Options"));
        var serial = options.remove(SERIAL);
        if (!options.isEmpty()) { // of the recording plugin's own
            var refusal = host.ask(call.conn(), call.withBody(Json.write(body)).bytes());
            assertThat(refusal.json().get("Error")).asString().startsWith("unknown --ipam-opt ");
        }
        body.put("Options", serial == null ? Map.of() : Map.of(SERIAL, serial));
        var reply = answer(call.withBody(Json.write(body)));
        var id = (String) reply.get("PoolID");
        assertThat(id).isEqualTo(space + "/" + reply.get("Pool"));
        assertThat(reply.get("Pool"))
                .isEqualTo(call.answer().orElseThrow().json().get("Pool"));
        pools.computeIfAbsent(id, _ -> new HashMap<>());
        asked.merge(id, 1, space.equals("weft-global") || serial != null ? (_, _) -> 1 : Integer::sum);
    }

    private void requestAddress(RecordedCall call) throws IOException {
        var pool = isBySwarm(call) ? pool(call).replace("local", "global") : pool(call);
        var named = text(call, "Address");
        var body = new HashMap<>(call.json());
        body.put("PoolID", pool);
        var wanted = named.isEmpty() ? null : ours(pool, InetAddress.ofLiteral(named));
        body.put("Address", wanted == null ? "" : AddressText.of(wanted));
        var reply = Cidr.parse((String) answer(call.withBody(Json.write(body))).get("Address"));
        var given = pools.get(pool);
        if (wanted == null) {
            boolean gateway = object(body, "Options").containsKey("RequestAddressType");
            assertThat(given.values())
                    .as("what is given")
                    .matches(addresses -> gateway || !addresses.contains(reply.address()));
        } else {
            assertThat(reply.address()).isEqualTo(wanted);
        }
        var recorded = Cidr.parse((String) call.answer().orElseThrow().json().get("Address"));
        assertThat(reply.prefixLength()).isEqualTo(recorded.prefixLength());
        given.put(recorded.address(), reply.address());
    }

    private void releaseAddress(RecordedCall call) throws IOException {
        var recorded = InetAddress.ofLiteral(text(call, "Address"));
        var pool = pool(call);
        if (!pools.getOrDefault(pool, Map.of()).containsKey(recorded)) {
            pool = pool.replace("local", "global");
        }
        releaseAddress(pool, ours(pool, recorded));
        pools.getOrDefault(pool, new HashMap<>()).remove(recorded);
    }

    private void releaseAddress(String pool, InetAddress address) throws IOException {
        var reply = answer(RecordedCall.unrecorded(
                "IpamDriver.ReleaseAddress", Map.of("PoolID", pool, "Address", AddressText.of(address))));
        assertThat(reply).isEmpty();
    }

    private void releasePool(RecordedCall call) throws IOException {
        releasePool(pool(call));
    }

    private void releasePool(String pool) throws IOException {
        assertThat(answer(RecordedCall.unrecorded("IpamDriver.ReleasePool", Map.of("PoolID", pool))))
                .isEmpty();
        if (asked.merge(pool, -1, Integer::sum) <= 0) {
            asked.remove(pool);
            pools.remove(pool);
        }
    }

    /// What was not released.
    void releaseTheRest() throws IOException {
        for (var pool : Map.copyOf(pools).entrySet()) {
            for (var address : pool.getValue().values()) {
                releaseAddress(pool.getKey(), address);
            }
            while (pools.containsKey(pool.getKey())) {
                releasePool(pool.getKey());
            }
        }
        poolsOfNetworks.clear();
    }

    /// A call of the network driver, with addresses as the agent has given them.
    RecordedCall translated(RecordedCall call) {
        return switch (call.method()) {
            case "CreateNetwork" -> call.body().contains("\"AddressSpace\":\"rec") ? createNetwork(call) : call;
            case "CreateEndpoint" -> poolsOfNetworks.containsKey(call.networkId()) ? createEndpoint(call) : call;
            case "DeleteNetwork" -> {
                poolsOfNetworks.remove(call.networkId());
                yield call;
            }
            default -> call;
        };
    }

    private RecordedCall createNetwork(RecordedCall call) {
        var body = new HashMap<>(call.json());
        var ids = new ArrayList<String>();
        for (var family : List.of("IPv4Data", "IPv6Data")) {
            var translated = new ArrayList<Object>();
            for (var data : (List<?>) body.get(family)) {
                var pool = new HashMap<>(object(data));
                var space = space(pool);
                var id = space + "/" + pool.get("Pool");
                pool.put("AddressSpace", space);
                pool.computeIfPresent("Gateway", (_, gateway) -> ours(List.of(id), (String) gateway));
                translated.add(pool);
                ids.add(id);
            }
            body.put(family, translated);
        }
        poolsOfNetworks.put(call.networkId(), ids);
        return call.withBody(Json.write(body));
    }

    private RecordedCall createEndpoint(RecordedCall call) {
        var body = new HashMap<>(call.json());
        var link = new HashMap<>(object(body, "Interface"));
        for (var family : List.of("Address", "AddressIPv6")) {
            link.computeIfPresent(
                    family, (_, address) -> ours(poolsOfNetworks.get(call.networkId()), (String) address));
        }
        body.put("Interface", link);
        return call.withBody(Json.write(body));
    }

    /// @param recorded with its prefix length, or empty
    private String ours(List<String> candidates, String recorded) {
        if (recorded.isEmpty()) {
            return recorded;
        }
        var cidr = Cidr.parse(recorded);
        return candidates.stream()
                .flatMap(pool ->
                        Stream.ofNullable(pools.getOrDefault(pool, Map.of()).get(cidr.address())))
                .findFirst()
                .map(address -> new Cidr(address, cidr.prefixLength()).toString())
                .orElse(recorded);
    }

    private InetAddress ours(String pool, InetAddress recorded) {
        return Stream.of(pool, pool.replace("local", "global"))
                .flatMap(
                        id -> Stream.ofNullable(pools.getOrDefault(id, Map.of()).get(recorded)))
                .findFirst()
                .orElse(recorded);
    }

    private static boolean isBySwarm(RecordedCall call) {
        return object(call.json(), "Options").containsKey(SERIAL);
    }

    private static String space(Map<String, Object> body) {
        return "recGlobal".equals(body.get("AddressSpace")) ? "weft-global" : "weft-local";
    }

    /// The node's own first, as swarm does.
    private String pool(RecordedCall call) {
        var subnet = text(call, "PoolID").replaceFirst("^pool-", "");
        var local = "weft-local/" + subnet;
        var global = "weft-global/" + subnet;
        return !pools.containsKey(local) && pools.containsKey(global) ? global : local;
    }

    private static String text(RecordedCall call, String key) {
        return (String) call.json().get(key);
    }

    /// Empty if absent.
    private static Map<String, Object> object(Map<String, Object> body, String name) {
        return body.get(name) == null ? Map.of() : object(body.get(name));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object json) {
        return (Map<String, Object>) json;
    }
}
