package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.http.RawClient;
import io.avaje.json.mapper.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/// One kept connection of an engine to a plugin.
final class EngineConnection implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final RawClient client;

    record Answer(int status, String body) {
        /// @throws io.avaje.json.JsonException if it is no object
        Map<String, Object> json() {
            return JSON.fromJsonObject(body);
        }

        /// The sentence that an engine shows; empty if it takes the answer for a success.
        String err() {
            var err = (String) json().getOrDefault("Err", "");
            return status == 200 || !err.isEmpty() ? err : "status " + status;
        }
    }

    EngineConnection(Path socket) throws IOException {
        client = new RawClient(socket);
    }

    void send(byte[] request) throws IOException {
        client.send(request);
    }

    Answer ask(byte[] request) throws IOException {
        send(request);
        return answer();
    }

    /// The next one.
    Answer answer() throws IOException {
        var words = client.answer().split(" ", 2);
        return new Answer(Integer.parseInt(words[0]), words[1]);
    }

    /// Reads what comes, which is not a success, until the other side closes.
    void awaitEnd() throws IOException {
        assertThat(client.rest()).doesNotContain(" 200 ");
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
