package dev.weft.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Held for the moment in which a socket file is put in place or taken away, against every other thread and process.
///
/// It is a record lock (fcntl(2)) on a file beside the socket. The kernel drops it with its process, so what a crash
/// leaves is a file but no lock. Such a lock belongs to the process, and goes with the first descriptor of the file
/// that is closed: therefore one thread of this process at a time, and both descriptors stay open to the end.
final class StartLock implements AutoCloseable {
    private static final ReentrantLock ONE_THREAD = new ReentrantLock();
    private static final int ATTEMPTS = 500;
    private static final long PAUSE_MILLIS = 10;

    private final Path file;
    private final FileChannel locked;
    private final FileChannel seen;

    private StartLock(Path file, FileChannel locked, FileChannel seen) {
        this.file = file;
        this.locked = locked;
        this.seen = seen;
    }

    /// Waits up to 5 s for another process that is starting or stopping on the same socket.
    static StartLock take(Path socket) throws IOException {
        var file = socket.resolveSibling("." + socket.getFileName() + ".lock");
        ONE_THREAD.lock();
        boolean taken = false;
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                var lock = attempt(file);
                if (lock != null) {
                    taken = true;
                    return lock;
                }
                Thread.sleep(PAUSE_MILLIS);
            }
            throw new IOException("another process has been starting or stopping on it for 5 s. Stop that one first; "
                    + "it holds " + file);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + file, interrupted);
        } finally {
            if (!taken) {
                ONE_THREAD.unlock();
            }
        }
    }

    private static @Nullable StartLock attempt(Path file) throws IOException {
        var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var locked = FileChannel.open(file, Set.of(CREATE, WRITE), mode);
        FileChannel seen = null;
        try {
            if (locked.tryLock() != null) {
                seen = openIfStill(file, locked);
            }
            return seen == null ? null : new StartLock(file, locked, seen);
        } finally {
            if (seen == null) {
                locked.close();
            }
        }
    }

    /// The former holder may have deleted the file between our opening and our locking it. Then the lock is on a file
    /// without a name, and others lock its successor. A token written to the one and read from the other tells.
    private static @Nullable FileChannel openIfStill(Path file, FileChannel locked) throws IOException {
        byte[] token = UUID.randomUUID().toString().getBytes(US_ASCII);
        locked.write(ByteBuffer.wrap(token), 0);
        FileChannel seen;
        try {
            seen = FileChannel.open(file, READ);
        } catch (NoSuchFileException deleted) {
            return null;
        }
        var read = ByteBuffer.allocate(token.length);
        if (seen.read(read, 0) == token.length && ByteBuffer.wrap(token).equals(read.flip())) {
            return seen;
        }
        seen.close();
        return null;
    }

    @Override
    public void close() throws IOException {
        try (locked;
                seen) {
            Files.deleteIfExists(file);
        } finally {
            ONE_THREAD.unlock();
        }
    }
}
