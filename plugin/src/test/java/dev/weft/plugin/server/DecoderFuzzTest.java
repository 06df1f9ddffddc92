package dev.weft.plugin.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.plugin.AllocateNetworkRequest;
import dev.weft.plugin.Discovery;
import dev.weft.plugin.GatewayAllocCheckReply;
import dev.weft.plugin.GatewayAllocCheckRequest;
import dev.weft.plugin.Plugin;
import dev.weft.plugin.wire.Call;
import dev.weft.plugin.wire.Fields;
import dev.weft.plugin.wire.Json;
import dev.weft.plugin.wire.MalformedCall;
import dev.weft.plugin.wire.Protocol;
import io.avaje.json.mapper.JsonMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Damaged bodies of real engines, and JSON made up: each is read as [OracleJson] reads it, and is then a call that the
/// driver gets whole, or one that is refused with a sentence. A failure prints the body and the seed: with
/// `-Dweft.seed=` of it, that body comes first.
@DisplayNameGeneration(ReplaceUnderscores.class)
class DecoderFuzzTest {
    private static final Duration TIME = Duration.ofSeconds(Boolean.getBoolean("weft.long") ? 60 : 5);

    private static final List<String> PIECES = List.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\",
            "\\u",
            "\\ud83d",
            "\\ude42",
            "\\u0000",
            "\\n",
            "\0",
            "\n",
            " ",
            "\t",
            "\u00a0",
            "\ufeff",
            "\ud83d",
            "\ude42",
            "é",
            "🙂",
            "0",
            "00",
            "-",
            "-0",
            ".",
            "e",
            "1e999",
            "1e-999",
            "0.0",
            "9223372036854775807",
            "9223372036854775808",
            "65536",
            "NaN",
            "true",
            "null",
            "nul",
            "//",
            "/**/",
            "{}",
            "[]",
            "\"\"",
            "\"NetworkID\":\"n\",",
            "\"a\":1,",
            "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
            "{\"a\":{\"a\":");

    private static final List<String> TEXTS = List.of(
            "",
            "n",
            "10.0.0.1",
            "10.0.0.1/24",
            "10.0.0.0/33",
            "10.1/16",
            "fd00::1/64",
            "fe80::1%lo",
            "::ffff:10.0.0.1/96",
            "02:42:0a:00:00:05",
            "ff:ff:ff:ff:ff:ff:ff",
            "/",
            "local",
            "\u001b[31m\n",
            "\u2028",
            "🙂",
            "x".repeat(10_000),
            "NetworkID",
            "EndpointID",
            "PoolID",
            "Pool",
            "Address",
            "Options",
            "com.docker.network.generic",
            "com.docker.network.portmap");

    private static final Pattern SENTENCE = Pattern.compile("[^\\p{Cntrl}\u2028\u2029]{1,500}");
    private static final Pattern INTERNALS = Pattern.compile("Exception|java\\.|dev\\.weft|@[0-9a-f]{6,}");

    /// Of what the records are made, beside records, lists and maps.
    private static final Class<?>[] PLAIN = {String.class, Boolean.class, Integer.class, Long.class, InetAddress.class};

    /// Bodies by the paths of their calls.
    private static final Map<String, List<String>> RECORDED = new HashMap<>();

    private final long seed = Long.getLong("weft.seed", System.nanoTime());
    private final JsonMapper json = JsonMapper.builder().build();
    private final RecordingIpam addresses = new RecordingIpam();
    private final RecordingDriver networks = new RecordingDriver() {
        @Override
        public Map<String, String> allocateNetwork(AllocateNetworkRequest request) {
            asked.add(request);
            return request.options();
        }

        @Override
        public void freeNetwork(String networkId) {
            asked.add(networkId);
        }

        @Override
        public GatewayAllocCheckReply gatewayAllocCheck(GatewayAllocCheckRequest request) {
            asked.add(request);
            return GatewayAllocCheckReply.TAKE;
        }

        @Override
        public void discoverNew(Discovery discovery) {
            asked.add(discovery);
        }

        @Override
        public void discoverDelete(Discovery discovery) {
            asked.add(discovery);
        }
    };
    private final Routes routes = new Routes(Plugin.of(networks, addresses));

    @BeforeAll
    static void readRecordings() throws IOException {
        var json = JsonMapper.builder().build();
        for (var engine : List.of("20.10", "28.5")) {
            try (var in = DecoderFuzzTest.class.getResourceAsStream("/recordings/" + engine + ".jsonl")) {
                for (var line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
                    if (!line.isEmpty()) {
                        var request = json.fromJsonObject(line);
                        RECORDED.computeIfAbsent((String) request.get("path"), _ -> new ArrayList<>())
                                .add((String) request.get("body"));
                    }
                }
            }
        }
    }

    @Test
    @Timeout(300)
    void a_body_is_a_call_or_is_refused_with_a_sentence() {
        System.out.println("DecoderFuzzTest: seed " + seed);
        long end = System.nanoTime() + TIME.toNanos();
        int round = 0;
        int objects = 0;
        int taken = 0;
        var reached = new HashSet<String>();
        for (; round == 0 || System.nanoTime() < end; round++) {
            var random = new Random(seed + round);
            var call = Protocol.CALLS.get(random.nextInt(Protocol.CALLS.size()));
            var body = body(call, random);
            var what = "-Dweft.seed=" + (seed + round) + ", " + call.path() + ", body:\n" + Json.write(body) + "\n";
            objects += isReadAsTheOracleReads(body, what) ? 1 : 0;
            if (isTaken(call, body, what)) {
                taken++;
                reached.add(call.path());
            }
        }
        System.out.println("DecoderFuzzTest: " + round + " bodies, " + objects + " objects, " + taken + " calls taken");
        if (round > 10_000) {
            assertThat(objects).as("objects among %d bodies", round).isBetween(round / 10, round * 9 / 10);
            assertThat(reached)
                    .hasSameElementsAs(Protocol.CALLS.stream().map(Call::path).toList());
        }
    }

    /// Whether it is an object.
    private static boolean isReadAsTheOracleReads(String body, String what) {
        Optional<Map<?, ?>> read;
        try {
            read = Optional.of(Fields.parse("the call", body).values());
        } catch (MalformedCall refused) {
            isSentence(refused, what);
            read = Optional.empty();
        } catch (RuntimeException | StackOverflowError fault) {
            throw new AssertionError(what, fault);
        }
        assertThat(read).as(what).isEqualTo(OracleJson.object(body));
        return read.isPresent();
    }

    private boolean isTaken(Call<?, ?> call, String body, String what) {
        networks.asked.clear();
        addresses.asked.clear();
        try {
            var answer = routes.call(call.path(), body);
            assertThat(OracleJson.object(answer)).as(what + answer).isPresent();
        } catch (MalformedCall refused) {
            isSentence(refused, what);
            assertThat(asked()).as(what).isEmpty();
            return false;
        } catch (RuntimeException | StackOverflowError fault) {
            throw new AssertionError(what, fault);
        }
        if (call.hasBody()) {
            assertThat(asked()).as(what).singleElement().satisfies(request -> isWhole(request, what));
        }
        return true;
    }

    private List<Object> asked() {
        return Stream.concat(networks.asked.stream(), addresses.asked.stream()).toList();
    }

    private static void isSentence(MalformedCall refused, String what) {
        assertThat(refused.getMessage()).as(what).matches(SENTENCE).doesNotContainPattern(INTERNALS);
    }

    /// No component of a record is null that may not be, and none of a list or map; JSON that is passed on as it came
    /// may
    /// have nulls in it.
    private static void isWhole(Object value, String what) {
        assertThat(value).as(what).isNotNull();
        switch (value) {
            case Record parts -> {
                for (var component : parts.getClass().getRecordComponents()) {
                    Object part;
                    try {
                        part = component.getAccessor().invoke(parts);
                    } catch (ReflectiveOperationException hidden) {
                        throw new AssertionError(hidden);
                    }
                    if (part != null || !component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                        isWhole(part, component + " in " + what);
                    }
                }
            }
            case List<?> list -> list.forEach(item -> isWhole(item, what));
            case Map<?, ?> map ->
                map.values().forEach(item -> assertThat(item).as(what).isNotNull());
            default -> assertThat(value).as(what).isInstanceOfAny(PLAIN);
        }
    }

    private String body(Call<?, ?> call, Random random) {
        var recorded = RECORDED.getOrDefault(call.path(), List.of("{\"DiscoveryType\":1,\"DiscoveryData\":{}}"));
        var body = recorded.get(random.nextInt(recorded.size()));
        return switch (random.nextInt(4)) {
            case 0 -> damaged(body, random);
            case 1 -> body.isEmpty() ? body : Json.write(changed(json.fromJsonObject(body), random));
            case 2 -> {
                var other = body.isEmpty() ? body : Json.write(changed(json.fromJsonObject(body), random));
                yield damaged(other, random);
            }
            default -> {
                var made = spaced(random) + Json.write(object(random, random.nextInt(6))) + spaced(random);
                yield random.nextBoolean() ? made : damaged(made, random);
            }
        };
    }

    /// Cut, doubled or with a piece of JSON somewhere, one to three times.
    private static String damaged(String body, Random random) {
        var text = new StringBuilder(body);
        for (int i = random.nextInt(3); i >= 0; i--) {
            int from = random.nextInt(text.length() + 1);
            int to = from + random.nextInt(Math.min(text.length() - from, 20) + 1);
            switch (random.nextInt(6)) {
                case 0 -> text.setLength(from);
                case 1 -> text.delete(from, to);
                case 2 -> text.insert(from, text.substring(from, to));
                case 3 -> text.replace(from, to, piece(random));
                case 4 -> text.insert(from, (char) random.nextInt(random.nextBoolean() ? 128 : 0x10000));
                default -> text.insert(from, piece(random));
            }
        }
        return text.toString();
    }

    private static String piece(Random random) {
        return PIECES.get(random.nextInt(PIECES.size()));
    }

    private static String spaced(Random random) {
        return " \t\r\n".substring(random.nextInt(4)).repeat(random.nextInt(3));
    }

    /// The same with one value, at any depth, exchanged, taken away, or put in another place.
    private static Map<String, Object> changed(Map<?, ?> object, Random random) {
        var copy = new LinkedHashMap<String, Object>();
        object.forEach((name, value) -> copy.put((String) name, value));
        var names = new ArrayList<>(copy.keySet());
        if (names.isEmpty() || random.nextInt(8) == 0) {
            copy.put(text(random), value(random, 3));
            return copy;
        }
        var name = names.get(random.nextInt(names.size()));
        switch (copy.get(name)) {
            case Map<?, ?> inner when random.nextInt(4) != 0 -> copy.put(name, changed(inner, random));
            case List<?> list when !list.isEmpty() && random.nextInt(4) != 0 -> copy.put(name, changed(list, random));
            case null, default -> {
                if (random.nextInt(4) == 0) {
                    copy.remove(name);
                } else {
                    copy.put(name, value(random, 3));
                }
            }
        }
        return copy;
    }

    private static List<Object> changed(List<?> list, Random random) {
        var copy = new ArrayList<Object>(list);
        int at = random.nextInt(copy.size());
        var item = copy.get(at);
        copy.set(at, item instanceof Map<?, ?> map && random.nextBoolean() ? changed(map, random) : value(random, 3));
        return copy;
    }

    private static @Nullable Object value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 9 : 7)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextLong();
            case 3 -> random.nextInt(-2, 70_000);
            case 4 -> random.nextDouble() * Math.pow(10, random.nextInt(-300, 300));
            case 5, 6 -> text(random);
            case 7 -> object(random, depth - 1);
            default -> {
                var list = new ArrayList<Object>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.add(value(random, depth - 1));
                }
                yield list;
            }
        };
    }

    private static Map<String, Object> object(Random random, int depth) {
        var object = new LinkedHashMap<String, Object>();
        for (int i = random.nextInt(4); i > 0; i--) {
            object.put(text(random), value(random, depth));
        }
        return object;
    }

    private static String text(Random random) {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }
}
