package dev.weft.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A long-running program of a host that writes a log.
final class Daemon {
    private static final int TAIL = 60;
    private static final Duration KILLED = Duration.ofSeconds(20);

    private final String name;
    private final Path log;
    private final Process entry;

    /// @param command shown as the daemon's name
    Daemon(Command command, Path log) {
        name = command.shown();
        this.log = log;
        try {
            entry = command.builder()
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            entry.getOutputStream().close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    boolean isAlive() {
        return entry.isAlive();
    }

    /// Waits until it serves.
    ///
    /// @throws LabException with the end of its log, if it ends before that or takes too long
    void await(BooleanSupplier serves, Duration limit) {
        boolean served = Wait.until(() -> serves.getAsBoolean() || !isAlive(), limit);
        if (!isAlive()) {
            throw new LabException(name + " ended at once (" + entry.exitValue() + "); its log:\n" + tail(log, TAIL));
        }
        if (!served) {
            throw new LabException(
                    name + " does not serve after " + limit.toSeconds() + " s; its log:\n" + tail(log, TAIL));
        }
    }

    /// The program itself; `entry` only took it into the host's namespaces.
    ProcessHandle program() {
        return Keeper.onlyChild(entry.toHandle());
    }

    /// SIGTERM, and waits.
    void stop(Duration limit) {
        if (isAlive()) {
            program().destroy();
            awaitEnd(limit);
        }
    }

    /// SIGKILL, and waits.
    void kill() {
        if (isAlive()) {
            program().destroyForcibly();
            awaitEnd(KILLED);
        }
    }

    void awaitEnd(Duration limit) {
        try {
            if (!entry.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new LabException(
                        name + " did not end within " + limit.toSeconds() + " s; its log:\n" + tail(log, TAIL));
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while " + name + " ended", stop);
        }
    }

    /// Waits for those that the end of their host has killed.
    static void awaitEnds(@Nullable Daemon... killed) {
        for (Daemon daemon : killed) {
            if (daemon != null) {
                daemon.awaitEnd(KILLED);
            }
        }
    }

    /// A log's last lines; empty before there is a log.
    static String tail(Path log, int lines) {
        var all = from(log, 0).lines().toList();
        return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
    }

    /// Bytes of a log; 0 before there is one.
    static long size(Path log) {
        try {
            return Files.exists(log) ? Files.size(log) : 0;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// A log without its first bytes; empty before there is one.
    static String from(Path log, long bytes) {
        if (!Files.exists(log)) {
            return "";
        }
        try {
            var all = Files.readAllBytes(log);
            int first = (int) Math.min(bytes, all.length);
            return new String(all, first, all.length - first, StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
