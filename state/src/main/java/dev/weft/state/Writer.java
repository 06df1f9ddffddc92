package dev.weft.state;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// The one thread that writes to the database: it takes all changes that wait and commits them together.
///
/// A platform thread, because the wait for the disk in native code would pin a virtual thread's carrier.
final class Writer implements AutoCloseable {
    /// A change to the database; what it throws fails that change alone.
    @FunctionalInterface
    interface Change {
        void applyTo(Database database) throws SQLException;
    }

    /// @param applied runs on the writer's thread when the change is on disk
    private record Pending(Change change, Runnable applied, CompletableFuture<@Nullable Void> done) {}

    private static final int LARGEST_COMMIT = 256;

    private final BlockingQueue<Pending> queue = new LinkedBlockingQueue<>();
    private final Database database;
    private final Path file;
    private final Thread thread;
    private final Object closing = new Object();
    private boolean closed;

    Writer(Database database, Path file) {
        this.database = database;
        this.file = file;
        this.thread = Thread.ofPlatform().name("weft-state").daemon().start(this::run);
    }

    /// Returns when the change is on disk.
    void write(Change change, Runnable applied) {
        var pending = new Pending(change, applied, new CompletableFuture<>());
        synchronized (closing) {
            if (closed) {
                throw new StateException(
                        "cannot write to " + file + ": it is closed. Start the agent again if it is not stopping");
            }
            queue.add(pending);
        }
        try {
            pending.done.join();
        } catch (CompletionException failure) {
            throw new StateException(
                    "cannot write to " + file + ": " + cause(failure).getMessage()
                            + ". Nothing was changed; check that the disk is not full and is writable.",
                    cause(failure));
        }
    }

    private static Throwable cause(CompletionException failure) {
        return failure.getCause() == null ? failure : failure.getCause();
    }

    private void run() {
        var batch = new ArrayList<Pending>();
        try {
            while (!stopped() || !queue.isEmpty()) {
                batch.add(queue.take());
                queue.drainTo(batch, LARGEST_COMMIT - 1);
                commit(batch);
                batch.clear();
            }
        } catch (Throwable end) { // nobody may wait for ever for a thread that is dead
            failAll(batch, end);
        } finally {
            database.close();
        }
    }

    private void failAll(List<Pending> batch, Throwable end) {
        synchronized (closing) {
            closed = true;
            queue.drainTo(batch);
        }
        batch.forEach(pending -> pending.done.completeExceptionally(end));
    }

    private boolean stopped() {
        synchronized (closing) {
            return closed;
        }
    }

    private void commit(List<Pending> batch) {
        var applied = new ArrayList<Pending>(batch.size());
        try {
            database.begin();
            for (var pending : batch) {
                if (apply(pending)) {
                    applied.add(pending);
                }
            }
            database.commit();
        } catch (SQLException failure) {
            database.rollBack(failure);
            applied.forEach(pending -> pending.done.completeExceptionally(failure));
            batch.forEach(pending -> pending.done.completeExceptionally(failure));
            return;
        }
        for (var pending : applied) {
            pending.applied.run();
            pending.done.complete(null);
        }
    }

    /// Applies one change of a commit; a change that fails leaves the others alone.
    private boolean apply(Pending pending) throws SQLException {
        database.savepoint();
        try {
            pending.change.applyTo(database);
            database.release();
            return true;
        } catch (SQLException failure) {
            database.rollBackToSavepoint();
            pending.done.completeExceptionally(failure);
            return false;
        }
    }

    @Override
    public void close() {
        synchronized (closing) {
            if (!closed) {
                closed = true;
                queue.add(new Pending(nothing -> {}, () -> {}, new CompletableFuture<>()));
            }
        }
        try {
            thread.join();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
