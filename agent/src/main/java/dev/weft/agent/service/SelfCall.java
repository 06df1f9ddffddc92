package dev.weft.agent.service;

import static java.lang.System.Logger.Level.WARNING;

import dev.weft.http.HttpClient;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Calls the agent on its plugin socket as an engine does: an agent of which something hangs does not answer, however
/// well the thread is that asks.
///
/// @param socket the plugin socket; null if there is none that can be called
/// @param patience how long an answer may take
public record SelfCall(@Nullable Path socket, Duration patience) {
    private static final System.Logger LOG = System.getLogger(SelfCall.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// Needs nothing of the drivers, which may wait for the kernel or a disk: those have deadlines of their own.
    private static final String CALL = "/NetworkDriver.GetCapabilities";

    /// Of an agent that made its socket itself.
    public static SelfCall on(Path socket) {
        return new SelfCall(socket, PATIENCE);
    }

    /// Of an agent that was started with its socket, by the path to which that was bound.
    public static SelfCall on(ServerSocketChannel inherited) throws IOException {
        var path = Optional.ofNullable(inherited.getLocalAddress())
                .filter(address -> address instanceof UnixDomainSocketAddress)
                .map(address -> ((UnixDomainSocketAddress) address).getPath())
                .filter(Path::isAbsolute);
        return new SelfCall(path.orElse(null), PATIENCE);
    }

    /// Whether the agent answers. True also if nobody can call it, because the file of its socket is gone, for a new
    /// start would not mend that.
    boolean isAnswered() {
        if (socket == null || !Files.exists(socket)) {
            return true;
        }
        try (var client = new HttpClient(socket)) {
            var answer = client.request("POST", CALL, "", patience);
            if (answer.status() == 200) {
                return true;
            }
            LOG.log(
                    WARNING,
                    "the agent does not answer itself: {0} {1}",
                    answer.status(),
                    answer.body().strip());
        } catch (IOException failure) {
            LOG.log(WARNING, "the agent does not answer itself: {0}", failure.getMessage());
        }
        return false;
    }
}
