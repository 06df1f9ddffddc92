package dev.weft.netlink;

import org.jspecify.annotations.Nullable;

/// One run of [NetworkNamespace#call]: the work and what came of it.
final class Visit<T extends @Nullable Object, X extends Throwable> {
    private final NetworkNamespace namespace;
    private final ScopedValue.CallableOp<? extends T, X> work;

    // Written by the visiting thread, read after it was joined.
    private @Nullable T result;
    private @Nullable Throwable failure;

    Visit(NetworkNamespace namespace, ScopedValue.CallableOp<? extends T, X> work) {
        this.namespace = namespace;
        this.work = work;
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // the work throws X or what is unchecked; T may be a nullable type
    T run() throws X {
        var visitor = Thread.ofPlatform().name("in " + namespace).daemon().start(this::visit);
        join(visitor);
        if (failure != null) {
            throw (X) failure;
        }
        return result;
    }

    @SuppressWarnings("CatchingUnchecked") // everything is thrown again, in the caller
    private void visit() {
        try {
            namespace.enter();
            result = work.call();
        } catch (Throwable thrown) {
            failure = thrown;
        }
    }

    /// Waits for the end of a thread. An interrupt does not shorten the wait, but is handed on to the thread.
    static void join(Thread visitor) {
        boolean interrupted = false;
        while (true) {
            try {
                visitor.join();
                break;
            } catch (InterruptedException interrupt) {
                interrupted = true;
                visitor.interrupt();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
