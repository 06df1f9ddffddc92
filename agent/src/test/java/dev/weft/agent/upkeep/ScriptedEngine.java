package dev.weft.agent.upkeep;

import dev.weft.engine.fake.FakeEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// An engine that has what a test says it has.
final class ScriptedEngine implements AutoCloseable {
    private static final String NONE = FakeEngine.json(404, "{\"message\":\"no such thing\"}");

    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final FakeEngine engine;

    ScriptedEngine(Path socket) throws IOException {
        has("GET /info", "{\"ID\":\"id1\",\"Name\":\"h1\",\"ServerVersion\":\"28.5.2\"}");
        has("GET /networks", "[]");
        has("GET /containers/json?all=1", "[]");
        engine = new FakeEngine(socket, (request, wire) -> {
            if (request.equals("GET /version")) {
                wire.send(FakeEngine.VERSION_28);
            } else if (request.contains("/events")) {
                wire.send(FakeEngine.EVENTS_HEAD);
                wire.awaitEnd();
            } else {
                wire.send(answers.getOrDefault(withoutVersion(request), NONE));
            }
        });
    }

    private static String withoutVersion(String request) {
        return request.replaceFirst(" /v1\\.\\d+/", " /");
    }

    /// @param request such as `GET /networks`
    void has(String request, String json) {
        answers.put(request, FakeEngine.json(200, json));
    }

    void refuses(String request, int status, String sentence) {
        answers.put(request, FakeEngine.json(status, "{\"message\":\"" + sentence + "\"}"));
    }

    void hasContainer(String state, String restart, String error) {
        has("GET /containers/json?all=1", "[{\"Id\":\"c1\",\"Names\":[\"/web\"],\"State\":\"" + state + "\"}]");
        has(
                "GET /containers/c1/json",
                "{\"Id\":\"c1\",\"Name\":\"/web\",\"State\":{\"Status\":\"" + state + "\",\"ExitCode\":128,\"Error\":\""
                        + error + "\"},\"HostConfig\":{\"RestartPolicy\":{\"Name\":\"" + restart + "\"}}}");
    }

    void hasNetwork(String name, String driver) {
        has(
                "GET /networks",
                "[{\"Id\":\"n1\",\"Name\":\"" + name + "\",\"Driver\":\"" + driver + "\",\"Scope\":\"local\"}]");
    }

    /// But for those that only look.
    List<String> posts() {
        return engine.requests().stream()
                .filter(request -> request.startsWith("POST"))
                .map(ScriptedEngine::withoutVersion)
                .toList();
    }

    List<String> bodies() {
        return engine.bodies();
    }

    @Override
    public void close() throws IOException {
        engine.close();
    }
}
