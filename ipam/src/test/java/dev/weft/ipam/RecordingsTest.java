package dev.weft.ipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inet.AddressText;
import dev.weft.inet.Cidr;
import dev.weft.inet.Subnet;
import dev.weft.plugin.AddressKey;
import dev.weft.plugin.AddressRequest;
import dev.weft.plugin.PoolRequest;
import dev.weft.state.PoolRecord;
import io.avaje.json.mapper.JsonMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What real engines asked of an IPAM driver, asked of this one; see `recordings/README.md`.
@DisplayNameGeneration(ReplaceUnderscores.class)
class RecordingsTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String SERIAL = "com.docker.network.ipam.serial";

    @TempDir
    Path folder;

    /// A host whose engine believes what was recorded, and is told what this driver answers.
    private static final class Replay {
        private final ServedIpam served;
        /// The driver's pool of an address space and the recorded pool, with what its addresses are in the recording.
        private final Map<String, Map<InetAddress, InetAddress>> pools = new TreeMap<>();
        /// Ids of the pools that the recorded id stands for: swarm's node and manager have one each.
        private final Map<String, Set<String>> ids = new HashMap<>();

        Replay(ServedIpam served) {
            this.served = served;
        }

        void play(Map<String, Object> line) {
            if (line.containsKey("before")) {
                served.restart();
            }
            var body = object(line.get("body"));
            var reply = object(line.get("reply"));
            switch ((String) line.get("call")) {
                case "IpamDriver.RequestPool" -> requestPool(body, reply);
                case "IpamDriver.ReleasePool" -> releasePool(text(body, "PoolID"));
                case "IpamDriver.RequestAddress" -> requestAddress(body, reply);
                case "IpamDriver.ReleaseAddress" -> releaseAddress(body);
                case "NetworkDriver.CreateNetwork" -> createNetwork(body);
                case "NetworkDriver.DeleteNetwork" -> served.otherNetworks.remove(text(body, "NetworkID"));
                default -> throw new AssertionError(line);
            }
        }

        private void requestPool(Map<String, Object> body, Map<String, Object> reply) {
            var space = space(text(body, "AddressSpace"));
            var options = new HashMap<String, String>();
            object(body.get("Options")).forEach((key, value) -> options.put(key, (String) value));
            boolean fromSwarm = options.remove(SERIAL) != null;
            var request =
                    new PoolRequest(space, subnet(text(body, "Pool")), subnet(text(body, "SubPool")), options, (boolean)
                            body.get("V6"));
            if (!options.isEmpty()) { // of the recording plugin's own
                assertThatThrownBy(() -> served.ipam.requestPool(request))
                        .hasMessageStartingWith("unknown --ipam-opt ");
            }
            var pool = served.ipam.requestPool(new PoolRequest(
                    space,
                    request.pool(),
                    request.subPool(),
                    fromSwarm ? Map.of(SERIAL, "true") : Map.of(),
                    request.ipv6()));
            assertThat(pool.pool()).hasToString(text(reply, "Pool"));
            assertThat(pool.poolId()).isEqualTo(space + "/" + text(reply, "Pool"));
            pools.putIfAbsent(pool.poolId(), new HashMap<>());
            ids.computeIfAbsent(text(reply, "PoolID"), id -> new HashSet<>()).add(pool.poolId());
        }

        /// The node's own first, as swarm does.
        private String pool(String recorded) {
            var known = ids.getOrDefault(recorded, Set.of());
            return known.stream().max(String::compareTo).orElse("weft-local/" + recorded);
        }

        private void releasePool(String recorded) {
            var pool = pool(recorded);
            served.ipam.releasePool(pool);
            served.ipam.releasePool("weft-local/unknown");
            pools.remove(pool);
            ids.getOrDefault(recorded, new HashSet<>()).remove(pool);
            assertThat(served.registry.pool(pool)).isEmpty();
        }

        private void requestAddress(Map<String, Object> body, Map<String, Object> reply) {
            var recorded = Cidr.parse(text(reply, "Address"));
            boolean bySwarm = object(body.get("Options")).containsKey(SERIAL);
            var pool = bySwarm ? pool(text(body, "PoolID")).replace("local", "global") : pool(text(body, "PoolID"));
            boolean asGateway = object(body.get("Options")).containsKey("RequestAddressType");
            var named = text(body, "Address");
            var given = pools.get(pool);
            var wanted = named.isEmpty() ? null : ours(pool, InetAddress.ofLiteral(named));
            var answer = served.ipam.requestAddress(new AddressRequest(pool, wanted, asGateway, null, Map.of()));
            assertThat(answer.prefixLength()).isEqualTo(recorded.prefixLength());
            if (wanted == null) {
                assertThat(given.values()).as("what is given").doesNotContain(answer.address());
            } else {
                assertThat(answer.address()).isEqualTo(wanted);
            }
            given.put(recorded.address(), answer.address());
        }

        /// What the engine was told, here, where it was told this one in the recording.
        private InetAddress ours(String pool, InetAddress recorded) {
            var local = pools.getOrDefault(pool, Map.of()).get(recorded);
            var global = pools.getOrDefault(pool.replace("local", "global"), Map.of())
                    .get(recorded);
            return local != null ? local : global != null ? global : recorded;
        }

        private void releaseAddress(Map<String, Object> body) {
            var recorded = InetAddress.ofLiteral(text(body, "Address"));
            var pool = pool(text(body, "PoolID"));
            if (!pools.getOrDefault(pool, Map.of()).containsKey(recorded)) {
                pool = pool.replace("local", "global");
            }
            var address = ours(pool, recorded);
            served.ipam.releaseAddress(new AddressKey(pool, address));
            pools.getOrDefault(pool, new HashMap<>()).remove(recorded);
            assertThat(served.registry.address(pool, address)).isEmpty();
        }

        private void createNetwork(Map<String, Object> body) {
            served.otherNetworks.add(text(body, "NetworkID"));
            for (var family : List.of("IPv4Data", "IPv6Data")) {
                for (var data : (List<?>) body.get(family)) {
                    var pool = object(data);
                    served.ipam.bind(
                            PoolRecord.id(space(text(pool, "AddressSpace")), Subnet.parse(text(pool, "Pool")), null),
                            text(body, "NetworkID"));
                }
            }
        }

        /// Nothing else is on record than what was given and not released.
        void assertNothingElseIsGiven() {
            assertThat(served.registry.pools())
                    .extracting(PoolRecord::id)
                    .containsExactlyInAnyOrderElementsOf(pools.keySet());
            pools.forEach((pool, given) -> assertThat(served.held(pool))
                    .containsExactlyInAnyOrderElementsOf(
                            given.values().stream().map(AddressText::of).toList()));
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(@Nullable Object value) {
        return value == null ? Map.of() : (Map<String, Object>) value;
    }

    private static String text(Map<String, Object> body, String key) {
        return (String) body.get(key);
    }

    private static @Nullable Subnet subnet(String text) {
        return text.isEmpty() ? null : Subnet.parse(text);
    }

    private static String space(String recorded) {
        return recorded.equals("recGlobal") ? WeftIpam.GLOBAL : WeftIpam.LOCAL;
    }

    @ParameterizedTest
    @CsvSource({"20.10, 240", "28.5, 267"})
    void the_engine_gets_what_it_needs_and_nothing_else_stays(String engine, int calls)
            throws IOException, URISyntaxException {
        var lines = Files.readAllLines(Path.of(RecordingsTest.class
                .getResource("/recordings/" + engine + ".jsonl")
                .toURI()));
        assertThat(lines).hasSize(calls);
        try (var first = new ServedIpam(Files.createDirectory(folder.resolve("h1")), "10.199.0.0/24", "fd99:2::/64");
                var second =
                        new ServedIpam(Files.createDirectory(folder.resolve("h2")), "10.199.0.0/24", "fd99:2::/64")) {
            var hosts = Map.of("h1", new Replay(first), "h2", new Replay(second));
            for (var text : lines) {
                var line = JSON.fromJsonObject(text);
                try {
                    hosts.get((String) line.get("host")).play(line);
                } catch (AssertionError | RuntimeException failure) {
                    throw new AssertionError(text + ": " + failure.getMessage(), failure);
                }
            }
            hosts.values().forEach(Replay::assertNothingElseIsGiven);
        }
    }
}
