package dev.weft.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inet.Cidr;
import io.avaje.json.mapper.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What two real engines sent (recordings/README.md) is read, and written again from the records by code of the test's
/// own: if nothing is lost or bent, both texts mean the same.
@DisplayNameGeneration(ReplaceUnderscores.class)
class RecordedRequestsTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String LABEL = "com.docker.network.";
    /// Of no use to a driver; `IP`, like `generic` of Join, is always empty. Empty lists count as none.
    private static final Set<String> LEFT_OUT =
            Set.of(LABEL + "driver.private.no_proxy_6to4", LABEL + "endpoint.macaddress", "IP");

    @ParameterizedTest
    @CsvSource({"20.10, 379", "28.5, 392"})
    void every_recorded_body_reaches_the_driver_without_losing_anything(String engine, int count) throws IOException {
        var recorded = lines(engine);
        assertThat(recorded).hasSize(count);
        for (var call : recorded) {
            var driver = new RecordingDriver();
            var path = (String) call.get("path");
            var body = (String) call.get("body");
            new Routes(driver).call(path, body);
            var sent = simplified(path, JSON.fromJsonObject(body));
            assertThat(driver.asked).as("%s", call).hasSize(1);
            assertThat(without(written(driver.asked.getFirst(), engine)))
                    .as("%s", call)
                    .isEqualTo(sent);
        }
    }

    private static List<Map<String, Object>> lines(String engine) throws IOException {
        try (var in = RecordedRequestsTest.class.getResourceAsStream("/recordings/" + engine + ".jsonl")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(JSON::fromJsonObject)
                    .toList();
        }
    }

    private static Object simplified(String path, Map<String, Object> body) {
        if (!path.endsWith("CreateNetwork") && body.get("Options") instanceof Map<?, ?> options) {
            options.remove(LABEL + "generic");
            if (options.get(LABEL + "endpoint.macaddress") instanceof String base64) {
                assertThat(Base64.getDecoder().decode(base64)).hasSize(6);
            }
        }
        return without(body);
    }

    private static Object without(Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                var copy = new HashMap<Object, Object>();
                map.forEach((key, inner) -> {
                    if (!LEFT_OUT.contains(key) && !List.of().equals(inner)) {
                        copy.put(key, without(inner));
                    }
                });
                yield copy;
            }
            case List<?> list ->
                list.stream().map(RecordedRequestsTest::without).toList();
            // Engines shorten IPv6 addresses, Java does not.
            case String text when text.contains("::") -> Cidr.parse(text).toString();
            default -> value;
        };
    }

    private static Map<String, Object> written(Object asked, String engine) {
        return switch (asked) {
            case String networkId -> Map.of("NetworkID", networkId);
            case EndpointKey key -> ids(key);
            case CreateNetworkRequest request -> network(request, engine);
            case CreateEndpointRequest request -> {
                var body = ids(request.endpoint());
                body.put(
                        "Interface",
                        Map.of(
                                "Address", text(request.address()),
                                "AddressIPv6", text(request.addressIpv6()),
                                "MacAddress", text(request.mac())));
                body.put("Options", options(request.options()));
                yield body;
            }
            case JoinRequest request -> {
                var body = ids(request.endpoint());
                body.put("SandboxKey", request.sandboxKey());
                body.put("Options", options(request.options()));
                yield body;
            }
            case ExternalConnectivityRequest request -> {
                var body = ids(request.endpoint());
                body.put("Options", options(request.options()));
                yield body;
            }
            default -> throw new AssertionError(asked);
        };
    }

    private static Map<String, Object> ids(EndpointKey key) {
        return new HashMap<>(Map.of("NetworkID", key.networkId(), "EndpointID", key.endpointId()));
    }

    private static Map<String, Object> network(CreateNetworkRequest request, String engine) {
        var options = new HashMap<String, Object>();
        options.put(LABEL + "generic", request.generic());
        options.put(LABEL + "enable_ipv6", request.ipv6Enabled());
        if (engine.equals("28.5")) {
            options.put(LABEL + "enable_ipv4", request.ipv4Enabled());
        }
        if (request.internal()) {
            options.put(LABEL + "internal", true);
        }
        return Map.of(
                "NetworkID", request.networkId(),
                "Options", options,
                "IPv4Data",
                        request.ipv4Data().stream()
                                .map(RecordedRequestsTest::ipam)
                                .toList(),
                "IPv6Data",
                        request.ipv6Data().stream()
                                .map(RecordedRequestsTest::ipam)
                                .toList());
    }

    private static Map<String, Object> ipam(IpamData data) {
        var body = new HashMap<String, Object>();
        body.put("AddressSpace", data.addressSpace());
        body.put("Pool", text(data.pool()));
        if (data.gateway() != null) {
            body.put("Gateway", text(data.gateway()));
        }
        if (!data.auxAddresses().isEmpty()) {
            var aux = new HashMap<String, Object>();
            data.auxAddresses().forEach((name, address) -> aux.put(name, text(address)));
            body.put("AuxAddresses", aux);
        }
        return body;
    }

    private static Map<String, Object> options(EndpointOptions options) {
        var body = new HashMap<String, Object>(options.driverOptions());
        body.put(
                LABEL + "endpoint.exposedports",
                options.exposedPorts().stream()
                        .map(port -> Map.of("Proto", (long) port.protocol(), "Port", (long) port.port()))
                        .toList());
        body.put(
                LABEL + "portmap",
                options.portBindings().stream()
                        .map(binding -> Map.of(
                                "Proto", (long) binding.protocol(),
                                "Port", (long) binding.port(),
                                "HostIP",
                                        binding.hostIp() == null
                                                ? ""
                                                : binding.hostIp().getHostAddress(),
                                "HostPort", (long) binding.hostPort(),
                                "HostPortEnd", (long) binding.hostPortEnd()))
                        .toList());
        if (!options.dnsServers().isEmpty()) {
            body.put(LABEL + "endpoint.dnsservers", options.dnsServers());
        }
        return body;
    }

    private static String text(Object value) {
        return value == null ? "" : value.toString();
    }
}
