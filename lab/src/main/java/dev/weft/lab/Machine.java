package dev.weft.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

/// A whole machine with a freshly installed Debian: its own kernel (User Mode Linux), systemd, docker.service
/// and the image `busybox:latest`, on a disk of its own that outlasts its boots. It has no network but its
/// own, and all of it is gone when closed or when this JVM ends, however it ends. For one thread at a time.
public final class Machine implements AutoCloseable {
    /// Twenty seconds, if this machine's processors have nothing else to do.
    private static final Duration BOOT = Duration.ofMinutes(8);

    private static final Duration POWER_OFF = Duration.ofMinutes(4);
    private static final Duration RUN = Duration.ofMinutes(8);
    private static final Duration GRACE = Duration.ofMinutes(1);
    private static final String MEMORY = "1536M";
    private static final String BUSYBOX = "busybox.tar";

    private final Kernel kernel;
    private final Path exchange;
    private int jobs;

    /// Boots a machine of Debian bookworm; the first time its disk is made, which takes two minutes.
    ///
    /// @throws LabException if this machine cannot, or with the end of the console if that one does not come up
    public static Machine fresh() {
        return fresh("bookworm");
    }

    /// Boots a machine.
    ///
    /// @param suite Debian's name of the release
    public static Machine fresh(String suite) {
        Lab.requireRoot();
        var cache = Cache.ofThisMachine();
        var parts = cache.machine(suite);
        var image = cache.busyboxImage();
        Leftovers.sweep();
        var machine = new Machine(parts);
        try {
            machine.bring(image, BUSYBOX);
            machine.boot();
            machine.run("docker import -c 'CMD [\"sh\"]' /lab/" + BUSYBOX + " busybox:latest")
                    .ok();
            return machine;
        } catch (RuntimeException failure) {
            machine.close();
            throw failure;
        }
    }

    private Machine(MachineParts parts) {
        kernel =
                new Kernel("machine.sh", parts.kernel().toString(), parts.disk().toString(), MEMORY);
        exchange = kernel.folder().resolve("exchange");
    }

    /// Puts a copy of a file into the machine's folder `/lab`.
    ///
    /// @param name of the copy
    public void bring(Path file, String name) {
        try {
            Files.copy(file, exchange.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw new LabException("cannot bring " + file + " to a machine: " + failure, failure);
        }
    }

    /// Runs a shell script as root, for at most eight minutes.
    ///
    /// @return with exit code 124 if it took longer and was ended
    /// @throws LabException with what it printed, if the machine ends or hangs
    public Result run(String script) {
        return run(script, RUN);
    }

    /// Runs a shell script as root, for at most `limit`, whole seconds.
    Result run(String script, Duration limit) {
        String job = start(script, limit);
        Path exit = exchange.resolve(job + ".exit");
        boolean ended = Wait.until(() -> Files.exists(exit) || kernel.isOff(), limit.plus(GRACE));
        String out = read(job + ".out");
        String err = read(job + ".err");
        if (!Files.exists(exit)) {
            throw new LabException("a machine " + (ended ? "ended" : "hangs") + " in '" + script.strip()
                    + "', which printed:\n" + err + out + "\nThe machine's console:\n" + console());
        }
        return new Result(script.strip(), Integer.parseInt(read(job + ".exit").strip()), out, err);
    }

    /// Shuts the machine down, as a person would, and boots it anew.
    public void reboot() {
        start("systemctl poweroff", POWER_OFF);
        if (!Wait.until(kernel::isOff, POWER_OFF)) {
            throw new LabException(
                    "a machine does not shut down within " + POWER_OFF.toSeconds() + " s; its console:\n" + console());
        }
        boot();
    }

    private void boot() {
        Path up = exchange.resolve("up");
        try {
            Files.deleteIfExists(up);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        kernel.start();
        boolean decided = Wait.until(() -> Files.exists(up) || kernel.isOff(), BOOT);
        if (!decided || kernel.isOff()) {
            String what = decided ? "ended while it booted" : "did not come up within " + BOOT.toSeconds() + " s";
            throw new LabException("a machine " + what + "; its console:\n" + console());
        }
    }

    private String start(String script, Duration limit) {
        String job = Integer.toString(++jobs);
        try {
            Files.writeString(exchange.resolve(job + ".sh"), script);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        kernel.tell(job + " " + limit.toSeconds());
        return job;
    }

    private String read(String name) {
        return Daemon.from(exchange.resolve(name), 0);
    }

    /// The last lines that the kernel and systemd wrote on the console.
    public String console() {
        return kernel.console();
    }

    /// Ends the machine as a power loss does, and removes it.
    @Override
    public void close() {
        kernel.close();
    }
}
