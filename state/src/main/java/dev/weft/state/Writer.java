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
    /// Work with the database; what it throws fails that work alone.
    @FunctionalInterface
    interface Work {
        void on(Database database) throws SQLException;
    }

    /// @param alone   whether it is not part of a transaction
    /// @param applied runs on the writer's thread when the work is on disk
    private record Pending(Work work, boolean alone, Runnable applied, CompletableFuture<@Nullable Void> done) {}

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

    /// Returns when the work is on disk.
    void write(Work work, Runnable applied) {
        try {
            await(new Pending(work, false, applied, new CompletableFuture<>()));
        } catch (CompletionException failure) {
            throw new StateException(
                    "cannot write to " + file + ": " + cause(failure).getMessage()
                            + ". Nothing was changed; check that the disk is not full and is writable.",
                    cause(failure));
        }
    }

    /// Returns when the work is done, between transactions.
    ///
    /// @throws DamagedException if the work does
    void alone(Work work) throws SQLException {
        try {
            await(new Pending(work, true, () -> {}, new CompletableFuture<>()));
        } catch (CompletionException failure) {
            switch (cause(failure)) {
                case SQLException refused -> throw refused;
                case DamagedException damage -> throw damage;
                default -> throw failure;
            }
        }
    }

    private void await(Pending pending) {
        synchronized (closing) {
            if (closed) {
                throw new StateException(
                        "cannot write to " + file + ": it is closed. Start the agent again if it is not stopping");
            }
            queue.add(pending);
        }
        pending.done.join();
    }

    private static Throwable cause(CompletionException failure) {
        return failure.getCause() == null ? failure : failure.getCause();
    }

    private void run() {
        var batch = new ArrayList<Pending>();
        try {
            while (!stopped() || !queue.isEmpty()) {
                takeBatch(batch);
                if (batch.getFirst().alone) {
                    doAlone(batch.getFirst());
                } else {
                    commit(batch);
                }
                batch.clear();
            }
        } catch (Throwable end) { // nobody may wait for ever for a thread that is dead
            failAll(batch, end);
        } finally {
            database.close();
        }
    }

    /// All that wait and go into one transaction; or one that is not part of any.
    private void takeBatch(List<Pending> batch) throws InterruptedException {
        batch.add(queue.take());
        while (!batch.getFirst().alone && batch.size() < LARGEST_COMMIT) {
            var next = queue.peek();
            if (next == null || next.alone) {
                return;
            }
            batch.add(queue.remove());
        }
    }

    private void doAlone(Pending pending) {
        try {
            pending.work.on(database);
            pending.done.complete(null);
        } catch (SQLException | DamagedException failure) {
            pending.done.completeExceptionally(failure);
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
            pending.work.on(database);
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
                queue.add(new Pending(nothing -> {}, true, () -> {}, new CompletableFuture<>()));
            }
        }
        try {
            thread.join();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
