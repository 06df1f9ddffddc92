package dev.weft.agent.admin;

import static dev.weft.json.PlainText.quoted;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.weft.agent.doctor.Patient;
import dev.weft.engine.EngineException;
import dev.weft.http.HttpRequest;
import dev.weft.netlink.NetlinkException;
import dev.weft.state.StateException;
import java.net.URLDecoder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// What is asked at which path. docs/cli.md tells the fields of each answer.
final class AdminApi {
    private static final String PREFIX = "/v1/";
    private static final String REMOVE = "/remove";

    /// How long a command waits for an agent that is starting, unless it asks for the status.
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final AgentProcess process;
    private final CountDownLatch started = new CountDownLatch(1);
    private final Duration patience;
    private volatile Standing standing = new Standing.Starting();

    AdminApi(AgentProcess process) {
        this(process, PATIENCE);
    }

    AdminApi(AgentProcess process, Duration patience) {
        this.process = process;
        this.patience = patience;
    }

    void stands(Standing now) {
        standing = now;
        started.countDown();
    }

    /// @throws Rejection if it is not done
    Map<String, ?> answer(HttpRequest request) {
        var call = request.method() + " " + request.path();
        if (call.equals("GET " + PREFIX + "status")) {
            return StatusPage.of(process, standing);
        }
        var parts = working();
        try {
            return switch (request.method()) {
                case "GET" -> read(parts, request);
                case "POST" -> act(parts, request, copies());
                default -> throw unknown(request);
            };
        } catch (StateException | EngineException | NetlinkException failure) {
            throw new Rejection(Rejection.FAILED, String.valueOf(failure.getMessage()));
        }
    }

    private Patient working() {
        try {
            var _ = started.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        return switch (standing) {
            case Standing.Works(var parts) -> parts;
            case Standing.Unable(var sentence) -> throw new Rejection(Rejection.UNAVAILABLE, sentence);
            case Standing.Starting _ ->
                throw new Rejection(
                        Rejection.UNAVAILABLE,
                        "the Weft agent is still starting; try again, and look at its log if this goes on.");
        };
    }

    private static Map<String, ?> read(Patient parts, HttpRequest request) {
        var words = words(request);
        var hosts = new HostPages(parts);
        var networks = new NetworkPages(parts.registry(), hosts);
        var endpoints = new EndpointPages(parts.registry());
        if (words.length == 2) {
            return switch (words[0]) {
                case "networks" -> networks.one(words[1]);
                case "endpoints" -> endpoints.some(words[1]);
                default -> throw unknown(request);
            };
        }
        return switch (words[0]) {
            case "networks" -> networks.all();
            case "endpoints" -> endpoints.all();
            case "hosts" -> hosts.all();
            case "pools" -> PoolPage.of(parts);
            case "doctor" -> DoctorPage.of(parts, query(request, "client"));
            default -> throw unknown(request);
        };
    }

    /// Where what is asked for is left.
    private Path copies() {
        return requireNonNull(process.options().adminSocket().getParent(), "a socket is in a folder");
    }

    private static Map<String, ?> act(Patient parts, HttpRequest request, Path copies) {
        var words = words(request);
        if (words.length == 2 && words[0].equals("networks") && words[1].endsWith(REMOVE)) {
            var network = words[1].substring(0, words[1].length() - REMOVE.length());
            return new NetworkPages(parts.registry(), new HostPages(parts))
                    .remove(network, query(request, "force").equals("true"), parts.member());
        }
        return switch (String.join("/", words)) {
            case "reconcile" -> ReconcilePage.of(parts);
            case "state/check" -> StatePages.check(parts.registry());
            case "state/backup" -> StatePages.backup(parts.registry(), copies);
            case "engine/adopt" -> EnginePage.adopt(parts);
            default -> throw unknown(request);
        };
    }

    /// What stands behind the version, one or two words.
    private static String[] words(HttpRequest request) {
        if (!request.path().startsWith(PREFIX)) {
            throw unknown(request);
        }
        var path = request.path().replaceFirst("\\?.*", "");
        var words = path.substring(PREFIX.length()).split("/", 2);
        for (int i = 0; i < words.length; i++) {
            words[i] = URLDecoder.decode(words[i], UTF_8);
        }
        return words;
    }

    /// Empty if it is not given.
    private static String query(HttpRequest request, String name) {
        int begin = request.path().indexOf("?" + name + "=");
        return begin < 0 ? "" : URLDecoder.decode(request.path().substring(begin + name.length() + 2), UTF_8);
    }

    private static Rejection unknown(HttpRequest request) {
        return new Rejection(
                Rejection.NOT_FOUND,
                "this agent does not know " + request.method() + " " + quoted(request.path())
                        + "; use the 'weft' that it was installed with.");
    }
}
