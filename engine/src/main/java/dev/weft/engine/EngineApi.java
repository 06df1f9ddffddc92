package dev.weft.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weft.http.HttpResponse;
import dev.weft.json.Json;
import dev.weft.json.JsonObject;
import dev.weft.json.PlainText;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The API of the engine behind one unix socket, from 20.10 on. Speaks the newest version that both know, and asks
/// again when the engine has been exchanged. Does not connect before the first call.
///
/// Any thread may call. Every call ends in time, whatever listens on the socket, and throws an [EngineException] for
/// whatever is no answer; answers have at most 8 MiB.
public final class EngineApi implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int NO_CONTENT = 204;
    private static final int NOT_FOUND = 404;
    private static final String EVENT_FILTER = Json.write(Map.of("type", List.of("network", "container", "daemon")));

    private final EngineConnection engine;
    private final InstantSource clock;

    /// With 10 s for each call.
    ///
    /// @param socket such as `/run/docker.sock`
    public EngineApi(Path socket) {
        this(socket, TIMEOUT);
    }

    /// @param timeout for each answer to be here whole; of [#events], to begin
    public EngineApi(Path socket, Duration timeout) {
        engine = new EngineConnection(socket, timeout);
        clock = InstantSource.system();
    }

    public EngineInfo info() {
        var doing = "ask the engine who it is";
        return engine.read(doing, engine.ask(doing, "GET", "/info", ""), EngineJson::info);
    }

    /// All networks of this host, and those of its swarm if it manages one.
    public List<Network> networks() {
        var doing = "list the networks";
        return engine.readAll(doing, engine.ask(doing, "GET", "/networks", ""), EngineJson::network);
    }

    /// A network with its endpoints; empty if the engine says that it has none such.
    ///
    /// @param id or name
    public Optional<NetworkDetails> network(String id) {
        return find(
                "look at network " + PlainText.quoted(id), "/networks/" + encoded(id), id, EngineJson::networkDetails);
    }

    /// @return the new network's id
    /// @throws EngineException with status 409 if there is one of that name
    public String createNetwork(NetworkSpec spec) {
        var doing = "create network " + PlainText.quoted(spec.name());
        var answer = engine.ask(doing, "POST", "/networks/create", Json.write(EngineJson.create(spec)));
        return engine.read(doing, answer, EngineJson::created);
    }

    /// @return false if there is none such
    /// @throws EngineException with status 403 or 409 and the reason if the network is in use
    public boolean removeNetwork(String id) {
        var doing = "remove network " + PlainText.quoted(id);
        try {
            engine.ask(doing, "DELETE", "/networks/" + encoded(id), "");
            return true;
        } catch (EngineException refusal) {
            if (refusal.status().orElse(0) == NOT_FOUND && refusal.words().contains(id)) {
                return false;
            }
            throw refusal;
        }
    }

    /// All containers, also those that do not run.
    public List<Container> containers() {
        var doing = "list the containers";
        return engine.readAll(doing, engine.ask(doing, "GET", "/containers/json?all=1", ""), EngineJson::container);
    }

    /// Empty if the engine says that it has none such.
    ///
    /// @param id or name
    public Optional<ContainerDetails> container(String id) {
        var doing = "look at container " + PlainText.quoted(id);
        return find(doing, "/containers/" + encoded(id) + "/json", id, EngineJson::containerDetails);
    }

    /// Starts a container.
    ///
    /// @param id      or name
    /// @param timeout for this call: engines answer when the container runs, after all calls to network plugins
    /// @return false if it ran already
    /// @throws EngineException with status 404 if there is none such, with another and the reason if it cannot be
    ///     started, and without one also if the time is up: the engine may start it still
    public boolean start(String id, Duration timeout) {
        var doing = "start container " + PlainText.quoted(id);
        var answer = engine.ask(doing, "POST", "/containers/" + encoded(id) + "/start", "", timeout);
        return answer.status() == NO_CONTENT;
    }

    /// What happens from now on to networks, containers and the engine.
    public EngineEvents events() {
        var doing = "follow the engine's events";
        // Engines answer before they begin to listen; `since` gives what happens in between.
        var now = clock.instant();
        var since = "%d.%09d".formatted(now.getEpochSecond(), now.getNano());
        var path = "/events?since=" + since + "&filters=" + encoded(EVENT_FILTER);
        return new EngineEvents(engine, doing, engine.follow(doing, path));
    }

    /// A 404 that is not about what was asked for, as of a server that has no such page, is no answer to that.
    private <T> Optional<T> find(String doing, String path, String id, Function<JsonObject, T> decoder) {
        HttpResponse answer;
        try {
            answer = engine.ask(doing, "GET", path, "");
        } catch (EngineException refusal) {
            if (refusal.status().orElse(0) == NOT_FOUND && refusal.words().contains(id)) {
                return Optional.empty();
            }
            throw refusal;
        }
        return Optional.of(engine.read(doing, answer, decoder));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    /// Calls in flight fail, and streams of events end.
    @Override
    public void close() {
        engine.close();
    }
}
