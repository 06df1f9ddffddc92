package dev.weft.state;

import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
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
    /// Work with the database; an exception that it throws fails that work alone.
    @FunctionalInterface
    interface Work {
        void on(Database database) throws SQLException;
    }

    /// What is asked of the database.
    @FunctionalInterface
    interface Inquiry<T> {
        T of(Database database) throws SQLException;
    }

    /// @param alone   whether it is not part of a transaction
    /// @param applied runs on the writer's thread when the work is on disk
    private record Pending(Work work, boolean alone, Runnable applied, CompletableFuture<@Nullable Void> done) {
        Pending(Work work, boolean alone, Runnable applied) {
            this(work, alone, applied, new CompletableFuture<>());
        }
    }

    private static final int LARGEST_COMMIT = 256;

    private final BlockingQueue<Pending> queue = new LinkedBlockingQueue<>();
    private final Database database;
    private final Path file;
    private final Thread thread;
    private final Object closing = new Object();
    private boolean closed;
    private volatile @Nullable Throwable end;

    Writer(Database database, Path file) {
        this.database = database;
        this.file = file;
        this.thread = Thread.ofPlatform().name("weft-state").daemon().start(this::run);
    }

    /// Returns when the work is on disk.
    ///
    /// @throws StateException if it is not; then nothing of it was done
    void write(Work work, Runnable applied) {
        try {
            await(new Pending(work, false, applied));
        } catch (CompletionException failed) {
            var cause = cause(failed);
            throw new StateException("cannot write to " + file + ": " + cause.getMessage() + advice(cause), cause);
        }
    }

    private static String advice(Throwable failure) {
        return failure instanceof SQLException && !(failure instanceof SQLIntegrityConstraintViolationException)
                ? ". Nothing was changed; check that the disk is not full and is writable."
                : ". Nothing was changed.";
    }

    /// Returns what is asked for, between transactions.
    ///
    /// @throws DamagedException if the inquiry does
    <T> T alone(Inquiry<T> inquiry) throws SQLException {
        var answer = new CompletableFuture<T>();
        try {
            await(new Pending(asked -> answer.complete(inquiry.of(asked)), true, () -> {}));
            return answer.join();
        } catch (CompletionException failed) {
            switch (cause(failed)) {
                case SQLException refused -> throw refused;
                case RuntimeException refused -> throw refused;
                case Throwable end -> throw new StateException("cannot read " + file + ": " + end.getMessage(), end);
            }
        }
    }

    private void await(Pending pending) {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("a watcher writes to " + file + ": it would wait for itself for ever");
        }
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
        } catch (Throwable failure) { // nobody may wait for ever for a thread that is dead
            failAll(batch, failure);
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
        } catch (Throwable failure) { // of an inquiry; it left no transaction half done, so writes go on
            pending.done.completeExceptionally(failure);
        }
    }

    /// What ended it, so that nothing can be written any more; null unless something did.
    @Nullable
    Throwable end() {
        return end;
    }

    private void failAll(List<Pending> batch, Throwable failure) {
        end = failure;
        synchronized (closing) {
            closed = true;
            queue.drainTo(batch);
        }
        batch.forEach(pending -> pending.done.completeExceptionally(failure));
    }

    private boolean stopped() {
        synchronized (closing) {
            return closed;
        }
    }

    private void commit(List<Pending> batch) {
        var made = new ArrayList<Pending>(batch.size());
        try {
            database.begin();
            for (var pending : batch) {
                if (make(pending)) {
                    made.add(pending);
                }
            }
            database.commit();
        } catch (SQLException failure) {
            database.rollBack(failure);
            batch.forEach(pending -> pending.done.completeExceptionally(failure));
            return;
        }
        for (var pending : made) {
            pending.applied.run();
            pending.done.complete(null);
        }
    }

    /// Makes one change of a commit; a change that fails leaves the others alone.
    ///
    /// @throws SQLException if they fail with it
    private boolean make(Pending pending) throws SQLException {
        database.savepoint();
        try {
            pending.work.on(database);
            database.release();
            return true;
        } catch (SQLException | RuntimeException failure) {
            try {
                database.rollBackToSavepoint();
            } catch (SQLException allIsRolledBack) { // SQLite does so when the disk is full or fails
                failure.addSuppressed(allIsRolledBack);
                throw failure instanceof SQLException cause ? cause : allIsRolledBack;
            }
            pending.done.completeExceptionally(failure);
            return false;
        }
    }

    @Override
    public void close() {
        synchronized (closing) {
            if (!closed) {
                closed = true;
                queue.add(new Pending(nothing -> {}, true, () -> {}));
            }
        }
        try {
            thread.join();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
