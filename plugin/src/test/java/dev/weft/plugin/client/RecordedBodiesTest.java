package dev.weft.plugin.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.json.Json;
import dev.weft.plugin.wire.Call;
import dev.weft.plugin.wire.Protocol;
import io.avaje.json.mapper.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What real engines sent (recordings/README.md) is read into records, and written again from them as that engine does:
/// nothing is lost, bent, or in another order.
@DisplayNameGeneration(ReplaceUnderscores.class)
class RecordedBodiesTest {
    /// Engines leave the ports out for an internal network, which this call's record does not tell.
    private static final String OF_INTERNAL_NETWORK = "\"Options\":{}}\n";

    @ParameterizedTest
    @EnumSource(names = {"V20_10", "V28_5"})
    void every_recorded_body_is_read_and_written_again_byte_for_byte(EngineVersion engine) throws IOException {
        int compared = 0;
        for (var request : recorded(engine)) {
            var body = (String) request.get("body");
            var call = call(request);
            if (call.hasBody() && !body.isEmpty()) {
                var written = written(engine, call, body);
                if (call.equals(Protocol.CREATE_ENDPOINT) && body.endsWith(OF_INTERNAL_NETWORK)) {
                    written = EngineVersion.withoutPorts(written);
                }
                assertThat(Json.write(written) + "\n").as("%s", request).isEqualTo(body);
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(60);
    }

    @Test
    void the_recordings_have_every_call_but_those_that_no_engine_was_seen_to_make() throws IOException {
        var seen = new TreeSet<String>();
        for (var engine : List.of(EngineVersion.V20_10, EngineVersion.V28_5)) {
            recorded(engine).forEach(request -> seen.add((String) request.get("path")));
        }
        var all = new TreeSet<String>();
        Protocol.CALLS.forEach(call -> all.add(call.path()));
        all.remove("/NetworkDriver.DiscoverDelete");
        assertThat(seen).isEqualTo(all);
    }

    private static <Q> Map<String, Object> written(EngineVersion engine, Call<Q, ?> call, String body) {
        var request = call.read(body);
        return engine.asWritten(call, call.request().write().apply(request));
    }

    private static Call<?, ?> call(Map<String, Object> request) {
        return Protocol.CALLS.stream()
                .filter(call -> call.path().equals(request.get("path")))
                .findFirst()
                .orElseThrow();
    }

    static List<Map<String, Object>> recorded(EngineVersion engine) throws IOException {
        var json = JsonMapper.builder().build();
        var requests = new ArrayList<Map<String, Object>>();
        try (var in = RecordedBodiesTest.class.getResourceAsStream("/recordings/" + engine + ".jsonl")) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(json::fromJsonObject)
                    .forEach(requests::add);
        }
        return requests;
    }
}
