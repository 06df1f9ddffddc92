package dev.weft.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weft.json.Json;
import io.avaje.json.mapper.JsonMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A request of a real engine to a recording plugin, with what it was answered; see `recordings/README.md`.
///
/// @param time    seconds
/// @param host    1 or 2: which of two hosts' engines sent it
/// @param conn    number of the connection, counted by each recording plugin anew
/// @param before  what befell the plugin since the call before
/// @param head    request line and headers, each ended by `\n`
/// @param fault   how the recording plugin misbehaved on purpose; empty if it did not
/// @param seconds from the request to the answer, where the plugin took its time on purpose
/// @param answer  empty if the connection was closed, or the plugin killed, before there was one
record RecordedCall(
        double time,
        int host,
        long conn,
        Event before,
        String head,
        String body,
        String fault,
        double seconds,
        Optional<EngineConnection.Answer> answer) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// Names are those in the recordings.
    enum Event {
        NOTHING,
        PLUGIN_KILLED,
        POWER_LOST
    }

    /// The scenarios of an engine's recordings, in the order in which they were recorded.
    static List<Path> scenarios(String engine) {
        try (var files = Files.list(
                Path.of(RecordedCall.class.getResource("/recordings/" + engine).toURI()))) {
            return files.sorted().toList();
        } catch (IOException | URISyntaxException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    /// The calls of one scenario by the time of the request.
    static List<RecordedCall> of(Path scenario) {
        try (var lines = Files.lines(scenario)) {
            return lines.map(line -> of(JSON.fromJsonObject(line))).toList();
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    private static RecordedCall of(Map<String, Object> line) {
        var status = (Number) line.get("status");
        return new RecordedCall(
                ((Number) line.get("t")).doubleValue(),
                "h2".equals(line.get("host")) ? 2 : 1,
                ((Number) line.get("conn")).longValue(),
                Event.valueOf((String) line.getOrDefault("before", "NOTHING")),
                (String) line.get("head"),
                (String) line.get("body"),
                (String) line.getOrDefault("fault", ""),
                ((Number) line.getOrDefault("ms", 0)).doubleValue() / 1000,
                status == null
                        ? Optional.empty()
                        : Optional.of(new EngineConnection.Answer(status.intValue(), (String) line.get("reply"))));
    }

    static RecordedCall deleteNetwork(String networkId) {
        return unrecorded("NetworkDriver.DeleteNetwork", Map.of("NetworkID", networkId));
    }

    static RecordedCall deleteEndpoint(String networkId, String endpointId) {
        return unrecorded("NetworkDriver.DeleteEndpoint", Map.of("NetworkID", networkId, "EndpointID", endpointId));
    }

    static RecordedCall unrecorded(String method, Map<String, String> body) {
        var head = """
                POST /%s HTTP/1.1
                Host: plugin.moby.localhost
                User-Agent: Go-http-client/1.1
                Content-Length: 0
                Accept: application/vnd.docker.plugins.v1.2+json
                """.formatted(method);
        return new RecordedCall(0, 1, 0, Event.NOTHING, head, "", "", 0, Optional.empty()).withBody(Json.write(body));
    }

    /// The same call with another body, which ends in a line break as an engine's does.
    RecordedCall withBody(String other) {
        var sent = other + "\n";
        var length = "Content-Length: " + sent.getBytes(UTF_8).length;
        return new RecordedCall(
                time,
                host,
                conn,
                before,
                head.replaceFirst("Content-Length: \\d+", length),
                sent,
                fault,
                seconds,
                answer);
    }

    /// The same call of a recording in which one text is another, in what was asked and answered; both are as long.
    RecordedCall with(String text, String other) {
        var replied = answer.map(reply ->
                new EngineConnection.Answer(reply.status(), reply.body().replace(text, other)));
        return new RecordedCall(time, host, conn, before, head, body.replace(text, other), fault, seconds, replied);
    }

    /// What went over the socket.
    byte[] bytes() {
        return (head.replace("\n", "\r\n") + "\r\n" + body).getBytes(UTF_8);
    }

    String path() {
        return head.split(" ", 3)[1];
    }

    /// `Join` of `/NetworkDriver.Join`.
    String method() {
        return path().substring(path().indexOf('.') + 1);
    }

    boolean isOfNetworkDriver() {
        return !path().startsWith("/IpamDriver.");
    }

    /// Whether the engine was told something else than the plugin's own answer.
    boolean isFaulty() {
        return !fault.isEmpty() && !isLate() && !isInterrupted();
    }

    /// Whether the plugin's own answer came, but late.
    boolean isLate() {
        return seconds > 0;
    }

    /// Whether the plugin was killed in the middle of the call.
    boolean isInterrupted() {
        return answer.isEmpty() && !fault.equals("close");
    }

    /// Empty if there is no body.
    Map<String, Object> json() {
        return body.isBlank() ? Map.of() : JSON.fromJsonObject(body);
    }

    String networkId() {
        return (String) json().getOrDefault("NetworkID", "");
    }

    String endpointId() {
        return (String) json().getOrDefault("EndpointID", "");
    }

    @Override
    public String toString() {
        return path() + " at " + time + " s: " + body.strip() + (fault.isEmpty() ? "" : " (fault: " + fault + ")");
    }
}
