package dev.weft.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// A kernel that runs as a process of this machine (User Mode Linux), in namespaces of its own; it and all
/// in it is gone when closed or when this JVM ends, however it ends. It may be started again after its end.
/// For one thread at a time.
final class Kernel implements AutoCloseable {
    private static final int TAIL = 60;

    private final Path folder;
    private final Keeper keeper;
    private final Thread atExit = new Thread(this::close, "kernel-close");
    private boolean closed; // guarded by atExit

    /// Makes what it needs, in which it does not run yet.
    ///
    /// @param script of the first process in its namespaces, which starts the kernel when it reads the line
    ///     `on`, has its console in the file `console.log`, and makes the file `off` when it has ended
    /// @param arguments of the script, after the folder
    Kernel(String script, String... arguments) {
        var name = Leftovers.newName();
        folder = Leftovers.folder().resolve(name);
        var all = Stream.concat(Stream.of(folder.toString()), Stream.of(arguments));
        try {
            keeper = new Keeper(folder, name, script, all.toArray(String[]::new));
        } catch (IOException failure) {
            throw new LabException("cannot start a kernel: " + failure.getMessage(), failure);
        }
        try {
            Runtime.getRuntime().addShutdownHook(atExit);
        } catch (IllegalStateException exiting) {
            throw new LabException("no kernel starts while this JVM ends", exiting);
        }
        try {
            keeper.awaitReady();
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /// Its files on this machine.
    Path folder() {
        return folder;
    }

    void start() {
        try {
            Files.deleteIfExists(off());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        keeper.tell("on");
    }

    /// Writes a line that the script reads.
    void tell(String line) {
        keeper.tell(line);
    }

    /// Whether it has ended.
    boolean isOff() {
        return Files.exists(off());
    }

    private Path off() {
        return folder.resolve("off");
    }

    Path consoleLog() {
        return folder.resolve("console.log");
    }

    /// The last lines on its console.
    String console() {
        return Daemon.tail(consoleLog(), TAIL);
    }

    /// Ends it as a power loss does, and removes its files. May be called again.
    @Override
    public void close() {
        synchronized (atExit) {
            if (closed) {
                return;
            }
            closed = true;
            keeper.close();
        }
        if (Thread.currentThread() != atExit) {
            try {
                Runtime.getRuntime().removeShutdownHook(atExit);
            } catch (IllegalStateException alreadyExiting) {
                return;
            }
        }
    }
}
