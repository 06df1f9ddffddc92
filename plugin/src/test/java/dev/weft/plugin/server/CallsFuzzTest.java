package dev.weft.plugin.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.http.HttpRequest;
import dev.weft.http.HttpResponse;
import dev.weft.inet.Cidr;
import dev.weft.inet.Subnet;
import dev.weft.json.Json;
import dev.weft.plugin.*;
import dev.weft.plugin.wire.Call;
import dev.weft.plugin.wire.Protocol;
import io.avaje.json.mapper.JsonMapper;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Bodies that nobody wrote, through the same code as live calls: 5 s of them, 60 s with `-Dweft.long=true`. A failure
/// names its input's seed: with `-Dweft.seed=` of it, that input comes first.
@DisplayNameGeneration(ReplaceUnderscores.class)
class CallsFuzzTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration TIME = Duration.ofSeconds(Boolean.getBoolean("weft.long") ? 60 : 5);

    /// Beyond any machine's pauses; a body takes far less than a millisecond.
    private static final Duration STUCK = Duration.ofSeconds(20);

    private static final int SENTENCE = 600;
    private static final String NOT_JSON = "the call's body is not a JSON object: ";
    private static final String LIMITS =
            ".*it is nested more than 32 levels deep at character \\d+|.*it has more than 100000 values";

    /// What is put where something else was.
    private static final List<String> PIECES = List.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\",
            "\\u0000",
            "\\ud800",
            "\\udc00",
            "\\ud83d\\ude00",
            "\\x",
            "null",
            "true",
            "false",
            "nul",
            "0",
            "-1",
            "-",
            "1e999",
            "1E+2",
            "0x1",
            "NaN",
            "99999999999999999999",
            "65536",
            "1.5",
            "+1",
            "01",
            "1.",
            ".1",
            "\"\"",
            "[]",
            "{}",
            "[null]",
            "{\"a\":null}",
            "\"a\":1,\"a\":2,",
            "\"n\"",
            "\"10.0.0.5/24\"",
            "\"10.0.0.5/33\"",
            "\"fd00::5/64\"",
            "\"fe80::1%eth0/64\"",
            "\"::ffff:10.0.0.5/96\"",
            "\"10.5/8\"",
            "\"[::1]/8\"",
            "\"/8\"",
            "\"02:42:0a:00:00:05\"",
            "\"global\"",
            "//",
            "/* */",
            " ",
            "\n",
            "\t",
            "\0",
            "\u007f",
            "\ufeff",
            "\u2028",
            "\u00a0",
            "é",
            "😀",
            "\ud800",
            "\udc00",
            "'",
            "S0;",
            "C");

    /// Parts of requests that may be null, as their Javadoc says.
    private static final Set<String> MAY_BE_NULL =
            Set.of("address", "addressIpv6", "mac", "gateway", "hostIp", "pool", "subPool");

    private final Logger log = Logger.getLogger(Calls.class.getName());
    private final List<Object> asked = new ArrayList<>();
    private final Calls calls = new Calls(
            new Routes(Plugin.of(
                    recording(NetworkDriver.class, new RecordingDriver()), recording(IpamDriver.class, new OnePool()))),
            Duration.ofMinutes(1));

    private record Input(String path, String body) {
        HttpRequest request() {
            return new HttpRequest("POST", path, body);
        }
    }

    private static final class OnePool implements IpamDriver {
        @Override
        public AddressSpaces defaultAddressSpaces() {
            return new AddressSpaces("local", "global");
        }

        @Override
        public PoolReply requestPool(PoolRequest request) {
            return new PoolReply("pool", Subnet.parse("10.5.0.0/16"), Map.of());
        }

        @Override
        public void releasePool(String poolId) {}

        @Override
        public Cidr requestAddress(AddressRequest request) {
            return Cidr.parse("10.5.0.2/16");
        }

        @Override
        public void releaseAddress(AddressKey address) {}
    }

    /// Whoever is behind it, everything that it is asked is remembered.
    private <T> T recording(Class<T> role, T behind) {
        return role.cast(Proxy.newProxyInstance(
                role.getClassLoader(), new Class<?>[] {role}, (_, method, arguments) -> {
                    if (arguments != null) {
                        asked.add(arguments[0]);
                    }
                    try {
                        return method.invoke(behind, arguments);
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                }));
    }

    @BeforeEach
    void silence() {
        log.setLevel(Level.OFF);
    }

    @AfterEach
    void speak() {
        log.setLevel(null);
    }

    @Test
    void a_body_is_answered_or_refused_and_the_driver_gets_nothing_invalid() throws IOException {
        long seed = Long.getLong("weft.seed", System.nanoTime());
        System.out.println("CallsFuzzTest: -Dweft.seed=" + seed);
        var recorded = recorded();
        long end = System.nanoTime() + TIME.toNanos();
        int inputs = 0;
        int taken = 0;
        for (; inputs == 0 || System.nanoTime() < end; inputs++) {
            var random = new Random(seed + inputs);
            var input = random.nextInt(4) == 0 ? generated(random) : damaged(random, recorded);
            asked.clear();
            long start = System.nanoTime();
            var answer = calls.handle(input.request());
            var took = Duration.ofNanos(System.nanoTime() - start);
            try {
                assertThat(took).isLessThan(STUCK);
                check(input, answer);
            } catch (AssertionError failure) {
                throw new AssertionError(
                        "-Dweft.seed=" + (seed + inputs) + " " + input.path() + " " + Json.write(input.body())
                                + " was answered " + answer,
                        failure);
            }
            taken += asked.size();
        }
        System.out.println("CallsFuzzTest: " + inputs + " bodies, " + taken + " came to a driver");
        assertThat(taken).isPositive().isLessThan(inputs);
    }

    private void check(Input input, HttpResponse answer) {
        var body = JSON.fromJsonObject(answer.body());
        if (answer.status() == 200) {
            assertThat(body).doesNotContainKey("Err");
            assertThat(asked).hasSize(1).allSatisfy(request -> checkValid("request", request));
            assertThat(JsonSyntax.isObject(input.body())).isTrue();
            return;
        }
        assertThat(answer.status()).isEqualTo(400);
        assertThat(asked).isEmpty();
        var sentence = (String) body.get("Err");
        assertThat(sentence)
                .hasSizeLessThan(SENTENCE)
                .doesNotContainPattern("\\p{Cntrl}")
                .doesNotContain("Exception", "dev.weft", "java.", "null;");
        boolean ofSyntax = sentence.startsWith(NOT_JSON) || input.body().isBlank();
        if (!sentence.matches(NOT_JSON + LIMITS)) {
            assertThat(ofSyntax).isEqualTo(!JsonSyntax.isObject(input.body()));
        }
    }

    /// Value types check themselves; here is what their types do not say.
    private static void checkValid(String name, Object value) {
        if (value == null) {
            assertThat(name).isIn(MAY_BE_NULL);
            return;
        }
        switch (value) {
            case String text -> {
                if (name.endsWith("Id") || name.endsWith("Key") || name.equals("request")) {
                    assertThat(text).as(name).isNotEmpty();
                }
                assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(text)).isTrue();
            }
            case Integer number
            when !name.equals("type") -> assertThat(number).as(name).isBetween(0, 65535);
            case Record record
            when record.getClass().getPackageName().equals("dev.weft.plugin") -> {
                for (var component : record.getClass().getRecordComponents()) {
                    checkValid(component.getName(), valueOf(component, record));
                }
            }
            case List<?> list -> list.forEach(item -> checkValid("item", item));
            case Map<?, ?> map ->
                map.forEach((key, item) -> {
                    checkValid("key", key);
                    assertThat(item).isNotNull();
                });
            default -> {}
        }
    }

    private static Object valueOf(RecordComponent component, Record record) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException inaccessible) {
            throw new AssertionError(inaccessible);
        }
    }

    private static List<Input> recorded() throws IOException {
        var inputs = new ArrayList<Input>();
        for (var engine : List.of("20.10", "28.5")) {
            try (var in = CallsFuzzTest.class.getResourceAsStream("/recordings/" + engine + ".jsonl")) {
                new String(in.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .map(JSON::fromJsonObject)
                        .map(line -> new Input((String) line.get("path"), (String) line.get("body")))
                        .filter(input -> Protocol.CALLS.stream()
                                .anyMatch(call -> call.hasBody() && call.path().equals(input.path())))
                        .forEach(inputs::add);
            }
        }
        return inputs;
    }

    /// A recorded body with up to four damages, for its own call or for another.
    private static Input damaged(Random random, List<Input> recorded) {
        var input = recorded.get(random.nextInt(recorded.size()));
        var body = new StringBuilder(input.body());
        for (int count = random.nextInt(5); count > 0; count--) {
            damage(random, body);
        }
        return new Input(random.nextInt(8) == 0 ? path(random) : input.path(), body.toString());
    }

    private static void damage(Random random, StringBuilder body) {
        int start = random.nextInt(body.length() + 1);
        int end = Math.min(body.length(), start + random.nextInt(20));
        switch (random.nextInt(7)) {
            case 0 -> body.delete(start, end);
            case 1 -> body.insert(start, body.substring(start, end));
            case 2 -> body.insert(start, piece(random));
            case 3 -> body.setLength(start);
            case 4 -> body.append(piece(random));
            case 5 -> body.insert(start, piece(random).repeat(random.nextInt(2000)));
            default -> replaceValue(random, body, start);
        }
    }

    /// Keeps the JSON whole, if the piece is a value.
    private static void replaceValue(Random random, StringBuilder body, int from) {
        int colon = body.indexOf(":", from);
        int end = colon;
        while (end >= 0 && end < body.length() && ",}]".indexOf(body.charAt(end)) < 0) {
            end++;
        }
        if (colon >= 0) {
            body.replace(colon + 1, end, piece(random));
        }
    }

    private static Input generated(Random random) {
        var body = new StringBuilder();
        object(random, body, random.nextInt(40));
        if (random.nextInt(4) == 0) {
            damage(random, body);
        }
        return new Input(path(random), body.toString());
    }

    private static String path(Random random) {
        var withBody = Protocol.CALLS.stream().filter(Call::hasBody).toList();
        return withBody.get(random.nextInt(withBody.size())).path();
    }

    private static void object(Random random, StringBuilder out, int depth) {
        var names = List.of(
                "NetworkID",
                "EndpointID",
                "SandboxKey",
                "Options",
                "IPv4Data",
                "Interface",
                "Pool",
                "PoolID",
                "Address",
                "a");
        out.append('{');
        for (int i = 0, count = random.nextInt(5); i < count; i++) {
            out.append(i == 0 ? "" : ",");
            out.append('"').append(names.get(random.nextInt(names.size()))).append("\" :");
            value(random, out, depth - 1);
        }
        out.append('}');
    }

    private static void value(Random random, StringBuilder out, int depth) {
        switch (depth <= 0 ? 3 : random.nextInt(4)) {
            case 0 -> object(random, out, depth);
            case 1 -> {
                out.append('[');
                value(random, out, depth - 1);
                out.append(']');
            }
            case 2 -> out.append(random.nextInt()).append(random.nextBoolean() ? "" : "e2");
            default -> out.append(piece(random));
        }
    }

    private static String piece(Random random) {
        return PIECES.get(random.nextInt(PIECES.size()));
    }
}
