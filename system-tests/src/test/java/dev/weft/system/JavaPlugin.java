package dev.weft.system;

import dev.weft.lab.Host;
import dev.weft.lab.Result;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A plugin that is one class, in a process of its own on a host.
final class JavaPlugin {
    private final Host host;
    private final String socket;
    private final List<String> command;
    private @Nullable Process process;

    /// @param name      after `-d` or `--ipam-driver`
    /// @param main      which gets the socket's path, then the arguments
    JavaPlugin(Host host, String name, Class<?> main, String... arguments) {
        this.host = host;
        socket = "/run/docker/plugins/" + name + ".sock";
        command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName(),
                socket));
        command.addAll(List.of(arguments));
    }

    void start() {
        process = host.start(command.toArray(String[]::new));
        Eventually.isTrue("the plugin listens on " + socket, this::listens);
    }

    private boolean listens() {
        try (var _ = SocketChannel.open(UnixDomainSocketAddress.of(host.path(socket)))) {
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /// SIGKILL; nothing if it does not run.
    void kill() {
        if (process != null) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.onExit().join();
        }
    }

    /// To its end.
    Result run() {
        return host.run(command.toArray(String[]::new));
    }
}
