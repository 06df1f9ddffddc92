package dev.weft.agent.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weft.http.HttpClient;
import dev.weft.json.JsonObject;
import dev.weft.json.MalformedJson;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// Asks the agent behind an admin socket.
record AdminClient(Path socket) {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int OK = 200;

    /// Values of JSON in an answer: those of 100 000 endpoints.
    private static final int VALUES = 2_000_000;

    /// @param text as it came, a line
    record Answer(String text, JsonObject fields) {}

    /// @param path behind the API's version: `networks`
    /// @throws AgentAbsent   if nobody listens
    /// @throws CommandFailed with the agent's sentence, if it refuses
    Answer get(String path) {
        return ask("GET", path, "");
    }

    /// As [#get].
    ///
    /// @param body empty, or a JSON object
    Answer post(String path, String body) {
        return ask("POST", path, body);
    }

    /// A name as it stands in a path.
    static String encoded(String name) {
        return URLEncoder.encode(name, UTF_8).replace("+", "%20");
    }

    private Answer ask(String method, String path, String body) {
        try (var client = new HttpClient(socket)) {
            var response = client.request(method, "/v1/" + path, body, PATIENCE);
            if (!response.contentType().equals("application/json")) { // the server's own sentence
                throw new CommandFailed(response.body().strip());
            }
            var fields = JsonObject.parse("the agent's answer", response.body(), VALUES);
            if (response.status() != OK) {
                throw new CommandFailed(fields.string("error"));
            }
            return new Answer(response.body().strip(), fields);
        } catch (ConnectException nobody) {
            throw absent(nobody);
        } catch (IOException failure) {
            throw new CommandFailed(failure.getMessage() + ". Look at the agent's log.", failure);
        } catch (MalformedJson strange) {
            throw new CommandFailed(
                    "what listens on " + socket + " is no Weft agent of this version: " + strange.getMessage()
                            + ". Use the 'weft' that it was installed with, or name another socket.",
                    strange);
        }
    }

    private RuntimeException absent(ConnectException nobody) {
        if (Files.exists(socket) && !Files.isWritable(socket)) {
            return new CommandFailed("no permission for " + socket + ". Run this as root.", nobody);
        }
        return new AgentAbsent(
                "no Weft agent answers on " + socket
                        + ". Start it, or name its socket with --admin-socket or WEFT_AGENT_ADMIN_SOCKET.",
                nobody);
    }
}
