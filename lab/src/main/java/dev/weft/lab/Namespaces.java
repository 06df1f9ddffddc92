package dev.weft.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What makes a host of processes of this machine, from one boot to the next power loss.
final class Namespaces {
    /// Of each program.
    private static final Map<String, String> ENVIRONMENT = environment();

    private final String host;
    private final Process entry;
    private final String storageDriver;
    private final ProcessHandle init;

    /// @param parent a process of the pid namespace around the host's
    /// @param folder of the host
    /// @param usrLayers as `Software` has them
    Namespaces(String host, long parent, Path folder, String usrLayers) {
        this.host = host;
        var words = new ArrayList<>(List.of("setsid", "nsenter", "-t", Long.toString(parent), "-p", "--"));
        words.addAll(List.of("unshare", "--mount", "--pid", "--uts", "--net", "--fork", "--kill-child"));
        words.addAll(List.of("--mount-proc", "--", "sh", "-c", Script.named("host.sh"), "host"));
        words.addAll(List.of(folder.toString(), host, usrLayers));
        Path log = folder.resolve("boot.log");
        try {
            entry = new Command("host", words, Map.of("PATH", Host.PATH))
                    .builder()
                    .redirectError(log.toFile())
                    .start();
            entry.getOutputStream().close();
            String ready = entry.inputReader(UTF_8).readLine();
            if (ready == null) {
                throw new LabException("cannot make the namespaces of host " + host + ": " + Daemon.tail(log, 5));
            }
            storageDriver = ready.substring("ready ".length());
            init = Keeper.onlyChild(Keeper.onlyChild(entry.toHandle()));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Map<String, String> environment() {
        var all = new HashMap<String, String>();
        all.putAll(Map.of("PATH", Host.PATH, "HOME", "/run", "DOCKER_CONFIG", "/run/docker-cli", "LANG", "C.UTF-8"));
        // what all programs in Go are told around here, which engines are
        for (String variable : List.of("GODEBUG", "GOGC")) {
            String value = System.getenv(variable);
            if (value != null) {
                all.put(variable, value);
            }
        }
        return all;
    }

    /// Their first process, as this JVM sees it.
    long pid() {
        return init.pid();
    }

    /// The best of Docker's storage drivers that the host's disk can hold.
    String storageDriver() {
        return storageDriver;
    }

    Command command(String shown, List<String> words) {
        return command(shown, words, Map.of());
    }

    /// A program in them, in a session of its own, where the Ctrl-C of a terminal does not reach it.
    ///
    /// @param more environment of the program, besides that of all
    Command command(String shown, List<String> words, Map<String, String> more) {
        var all = new ArrayList<>(List.of("setsid", "nsenter", "-t", Long.toString(pid()), "-m", "-u", "-n", "-p"));
        all.addAll(List.of("--", "setpriv", "--pdeathsig", "KILL", "--"));
        all.addAll(words);
        var environment = new HashMap<>(ENVIRONMENT);
        environment.putAll(more);
        return new Command(shown, all, environment);
    }

    /// Ends every process in them, and with that themselves.
    void end() {
        init.destroyForcibly();
        try {
            entry.waitFor();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while host " + host + " crashed", stop);
        }
    }
}
