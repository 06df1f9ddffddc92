package dev.weft.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The Weft agent of one host, and the process that may hold its socket.
final class HostAgent {
    private static final String SOCKET = "/run/docker/plugins/weft.sock";
    /// The holder's process and its descriptor of the socket.
    private static final String HOLDER = "/run/weft.sock.holder";

    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(60);

    private final Host host;
    private @Nullable Daemon agent;
    private @Nullable Daemon holder;

    HostAgent(Host host) {
        this.host = host;
    }

    Path socket() {
        return host.path(SOCKET);
    }

    Path log() {
        return host.log("agent");
    }

    void start(String... arguments) {
        if (runs()) {
            throw new LabException("the agent of host " + host + " runs already");
        }
        boolean held = holder != null;
        var started = host.daemon("agent", held ? withHeldSocket(arguments) : AgentCommand.agent(arguments));
        agent = started;
        started.await(() -> held ? UnixSocket.activates(socket()) : UnixSocket.accepts(socket()), START);
    }

    private static List<String> withHeldSocket(String... arguments) {
        var words = new ArrayList<>(List.of("perl", "-e", Script.named("inherit.pl"), HOLDER));
        words.addAll(AgentCommand.agent(arguments));
        return words;
    }

    boolean runs() {
        return agent != null && agent.isAlive();
    }

    long pid() {
        if (agent == null || !agent.isAlive()) {
            throw new LabException("the agent of host " + host + " does not run");
        }
        return agent.program().pid();
    }

    void stop() {
        if (agent != null) {
            agent.stop(STOP);
        }
    }

    void kill() {
        if (agent != null) {
            agent.kill();
        }
    }

    void holdSocket() {
        if (holder != null || runs()) {
            throw new LabException("the plugin socket of host " + host + " is held already, by "
                    + (runs() ? "its agent; stop that first" : "an earlier call"));
        }
        var started = host.daemon("holder", List.of("perl", "-e", Script.named("hold.pl"), SOCKET, HOLDER));
        holder = started;
        started.await(() -> Files.exists(host.path(HOLDER)), START);
    }

    void releaseSocket() {
        if (holder != null) {
            holder.kill();
            holder = null;
            host.disk().delete(SOCKET);
            host.disk().delete(HOLDER);
        }
    }

    /// The processes have been killed; waits for their end.
    void forget() {
        Daemon.awaitEnds(agent, holder);
        agent = null;
        holder = null;
    }
}
