package dev.weft.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A real etcd of one member, on this machine's loopback or at the switch of a lab, to be stopped, emptied and restored
/// at will. It ends with this process, however that ends.
public final class Etcd implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(1);
    private static final int TAIL = 40;

    private final Path programs;
    private final Path folder;
    private final URI client;
    private final URI peer;
    private final List<String> options;
    /// Words before each command, which bring it to where the etcd is.
    private final List<String> place;

    private @Nullable Process process;

    private Etcd(Path folder, List<String> options, List<String> place, URI client, URI peer) {
        programs = Cache.ofThisMachine().etcd().resolve("usr/bin");
        this.folder = folder;
        this.options = options;
        this.place = place;
        this.client = client;
        this.peer = peer;
    }

    /// Downloads 15 MB the first time, and returns when it serves.
    ///
    /// @param folder  for its data
    /// @param options of etcd, such as `--quota-backend-bytes=16777216`
    /// @throws LabException if this machine has no apt, or the cache no room
    public static Etcd start(Path folder, String... options) {
        try {
            var etcd = new Etcd(folder, List.of(options), List.of(), loopback(), loopback());
            etcd.start();
            return etcd;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// At the switch, where all hosts reach it but those that are cut off.
    static Etcd atSwitch(Path folder, long switchPid, String... options) throws IOException {
        var place = List.of("nsenter", "-t", Long.toString(switchPid), "-n", "--");
        var etcd = new Etcd(
                folder,
                List.of(options),
                place,
                URI.create("http://10.77.0.254:2379"),
                URI.create("http://10.77.0.254:2380"));
        etcd.start();
        return etcd;
    }

    private static URI loopback() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }
    }

    /// Where clients find it, now and after each start.
    public URI client() {
        return client;
    }

    private Path data() {
        return folder.resolve("data");
    }

    private Path log() {
        return folder.resolve("etcd.log");
    }

    /// Starts it again, with what it had.
    public void start() throws IOException {
        var command = new ArrayList<>(place);
        command.addAll(List.of(
                "setpriv",
                "--pdeathsig",
                "KILL",
                programs.resolve("etcd").toString(),
                "--data-dir=" + data(),
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=default=" + peer));
        command.addAll(options);
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
        var started = process;
        boolean serves = Wait.until(() -> !started.isAlive() || isHealthy(), START);
        if (!serves || !started.isAlive()) {
            throw new LabException("etcd does not serve; its log:\n" + Daemon.tail(log(), TAIL));
        }
    }

    private boolean isHealthy() {
        return ctl("endpoint", "health").exitCode() == 0;
    }

    /// Runs `etcdctl` with these words.
    public Result ctl(String... words) {
        var command = new ArrayList<>(place);
        command.addAll(List.of(programs.resolve("etcdctl").toString(), "--endpoints=" + client, "--dial-timeout=1s"));
        command.addAll(List.of(words));
        return new Command("etcdctl " + String.join(" ", words), command, Map.of("ETCDCTL_API", "3", "PATH", Host.PATH))
                .run();
    }

    /// SIGKILL: what was acknowledged is there after the next start.
    public void kill() {
        var running = process;
        if (running != null) {
            running.destroyForcibly();
            running.onExit().orTimeout(START.toSeconds(), TimeUnit.SECONDS).join();
        }
    }

    /// SIGSTOP: connections stay and nothing answers, until [#resume].
    public void pause() {
        signal("STOP");
    }

    public void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        var running = process;
        if (running != null) {
            Command.of("kill", "-" + name, Long.toString(running.pid())).run().ok();
        }
    }

    /// While it does not run: it begins anew, empty.
    public void wipe() throws IOException {
        delete(data());
    }

    /// Writes a copy of all that it has, as of one moment.
    public void backup(Path file) {
        ctl("snapshot", "save", file.toString()).ok();
    }

    /// While it does not run: it has what the copy has, and nothing else.
    public void restore(Path file) throws IOException {
        wipe();
        ctl(
                        "snapshot",
                        "restore",
                        file.toString(),
                        "--data-dir=" + data(),
                        "--initial-cluster=default=" + peer,
                        "--initial-advertise-peer-urls=" + peer)
                .ok();
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var all = Files.walk(folder)) {
                for (var file : all.sorted().toList().reversed()) {
                    Files.delete(file);
                }
            }
        }
    }

    @Override
    public void close() {
        kill();
    }
}
