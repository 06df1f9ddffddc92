package dev.weft.agent.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weft.netlink.NetworkNamespace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/// A process that holds the namespaces of a host: network, and mounts with a `/run` of its own. It ends with this JVM,
/// even one that is killed, because the kernel closes its standard input then; all that is in the namespaces goes with
/// it.
final class Keeper implements AutoCloseable {
    private static final String SCRIPT = """
            mount -t tmpfs none /run && mkdir -p /run/netns /run/docker/netns && ip link set lo up \
                && ip link add lan0 up type veth peer lan1 && ip link set lan1 up && echo 0
            while read -r line; do eval "$line" </dev/null; echo $?; done
            """;

    private final Process process;
    private final BufferedReader output;
    private final PrintStream input;

    Keeper(Path log) throws IOException {
        process = new ProcessBuilder("unshare", "--net", "--mount", "--propagation", "private", "sh", "-c", SCRIPT)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        output = process.inputReader(UTF_8);
        input = new PrintStream(process.getOutputStream(), true, UTF_8);
        expectSuccess("make the namespaces");
    }

    long pid() {
        return process.pid();
    }

    /// Runs a command of the shell inside.
    void run(String command) {
        input.println(command);
        expectSuccess(command);
    }

    private void expectSuccess(String what) {
        try {
            var status = output.readLine();
            if (!"0".equals(status)) {
                throw new AssertionError("cannot " + what + ": exit status " + status);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// A path of these namespaces, as this process sees it.
    Path path(String inside) {
        return Path.of("/proc/" + pid() + "/root" + inside);
    }

    NetworkNamespace network() {
        return NetworkNamespace.at(Path.of("/proc", Long.toString(pid()), "ns/net"));
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
