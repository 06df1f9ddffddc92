package dev.weft.agent.admin;

import dev.weft.agent.doctor.Patient;
import dev.weft.http.HttpHandler;
import dev.weft.http.HttpLimits;
import dev.weft.http.HttpRequest;
import dev.weft.http.HttpResponse;
import dev.weft.http.HttpServer;
import dev.weft.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/// Serves the admin socket from the agent's first moment to its last. What there is to say is in the pages.
public final class AdminServer implements AutoCloseable {
    private static final HttpLimits LIMITS = new HttpLimits(1 << 16, 16, Duration.ofSeconds(30), Duration.ofMinutes(1));
    private static final int OK = 200;

    private final AdminApi api;
    private final HttpServer server;

    private AdminServer(AdminApi api, HttpServer server) {
        this.api = api;
        this.server = server;
    }

    /// Listens on `agent.admin_socket`.
    ///
    /// @throws IOException with a sentence if that cannot be, because another agent does for instance
    public static AdminServer start(AgentProcess process) throws IOException {
        var api = new AdminApi(process);
        HttpHandler handler = request -> answer(api, request);
        return new AdminServer(api, HttpServer.listen(process.options().adminSocket(), handler, LIMITS));
    }

    /// From now on everything is answered.
    public void open(Patient parts) {
        api.stands(new Standing.Works(parts));
    }

    /// From now on the status says why the agent cannot work, and everything else is refused with that.
    public void shut(String sentence) {
        api.stands(new Standing.Unable(sentence));
    }

    private static HttpResponse answer(AdminApi api, HttpRequest request) {
        try {
            return json(OK, api.answer(request));
        } catch (Rejection rejection) {
            return json(rejection.status(), Map.of("error", String.valueOf(rejection.getMessage())));
        }
    }

    private static HttpResponse json(int status, Map<String, ?> value) {
        return new HttpResponse(status, "application/json", Json.write(value) + "\n");
    }

    @Override
    public void close() {
        server.close();
    }
}
