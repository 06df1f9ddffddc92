package dev.weft.agent.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weft.json.JsonObject;
import dev.weft.netlink.NetworkNamespace;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A host with an agent on it, which is killed when it says that it has come to its point, and started again when
/// somebody needs it. For one thread.
final class Host implements AutoCloseable {
    static final String FABRIC = "weft";
    static final String SOCKET = "weft.sock";

    /// A link of the host's on a LAN, as a person has made it, and its other end.
    static final String PARENT = "lan0";

    static final String LAN = "lan1";

    private static final String END = "end";
    private static final int PATIENCE_SECONDS = 60;
    private static final int LOG_LINES = 30;

    private final Path folder;
    private final Path log;
    private final List<String> java;
    private final Keeper keeper;
    private final NetworkNamespace namespace;
    private @Nullable Agent agent;
    private boolean away;
    private String killedAt = "";

    /// One life of the agent; a thread of its own reads what it says.
    private static final class Agent {
        final Process process;
        final PrintStream input;
        final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
        volatile String point = "";
        volatile boolean killed;

        Agent(Process process) {
            this.process = process;
            this.input = new PrintStream(process.getOutputStream(), true, UTF_8);
            Thread.ofPlatform().daemon().start(this::read);
        }

        private void read() {
            try (var output = process.inputReader(UTF_8)) {
                for (var line = output.readLine(); line != null; line = output.readLine()) {
                    if (line.startsWith("at ")) {
                        point = line.substring(3);
                        kill();
                    } else {
                        answers.add(line);
                    }
                }
            } catch (IOException gone) {
                // As at its end.
            }
            answers.add(END);
        }

        /// SIGKILL.
        void kill() {
            killed = true;
            process.destroyForcibly();
        }

        boolean isAlive() {
            return !killed && process.isAlive();
        }

        String answer() {
            try {
                var answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                if (answer == null) {
                    throw new AssertionError("the agent does not answer");
                }
                return answer;
            } catch (InterruptedException stop) {
                throw new AssertionError(stop);
            }
        }
    }

    Host(Path folder) throws IOException {
        this(folder, VictimJava.command());
    }

    /// @param java starts a [Victim], but for its arguments
    Host(Path folder, List<String> java) throws IOException {
        this.folder = folder;
        this.java = java;
        this.log = folder.resolve("log");
        this.keeper = new Keeper(log);
        this.namespace = keeper.network();
        revive();
    }

    Path socket() {
        return folder.resolve(SOCKET);
    }

    Keeper keeper() {
        return keeper;
    }

    /// The host's own network namespace.
    NetworkNamespace namespace() {
        return namespace;
    }

    NetworkNamespace fabric() {
        return NetworkNamespace.at(keeper.path("/run/netns/" + FABRIC));
    }

    /// Whether nobody brings the agent back.
    void stayAway(boolean whetherOrNot) {
        away = whetherOrNot;
    }

    /// SIGKILL, wherever the agent is.
    void kill() {
        var running = agent;
        if (running != null) {
            running.kill();
            running.process.onExit().join();
        }
    }

    /// The agent ends by itself.
    void end() {
        var running = Objects.requireNonNull(agent);
        running.input.close();
        running.process.onExit().join();
    }

    /// Starts the agent if it is not running, and returns when it serves.
    void revive() {
        var before = agent;
        if (away || (before != null && before.isAlive())) {
            return;
        }
        if (before != null) {
            before.process.onExit().join();
            if (!before.killed) {
                throw new AssertionError("the agent has ended by itself");
            }
            killedAt = before.point.isEmpty() ? killedAt : before.point;
        }
        try {
            var started = new Agent(process());
            var first = started.answer();
            if (!first.equals("ready")) {
                throw new AssertionError("the agent does not start: " + first);
            }
            agent = started;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Process process() throws IOException {
        var pid = Long.toString(keeper.pid());
        var command = new ArrayList<>(List.of("nsenter", "--target", pid, "--net", "--mount"));
        command.addAll(java);
        command.add(folder.toString());
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /// What the agent answers to a command; empty if it is killed meanwhile.
    Optional<List<String>> say(String command) {
        var asked = agent;
        if (asked == null || !asked.isAlive()) {
            return Optional.empty();
        }
        asked.input.println(command);
        var answer = asked.answer();
        return answer.equals(END)
                ? Optional.empty()
                : Optional.of(
                        JsonObject.parse("answer", "{\"lines\":" + answer + "}").strings("lines"));
    }

    /// Where it was killed last; empty if it never was.
    String killedAt() {
        return killedAt;
    }

    void forgetDeath() {
        killedAt = "";
    }

    /// The end of what the agents have logged.
    String log() {
        try {
            var lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
        } catch (IOException failure) {
            return failure.toString();
        }
    }

    @Override
    public void close() {
        away = true;
        kill();
        namespace.close();
        keeper.close();
    }
}
