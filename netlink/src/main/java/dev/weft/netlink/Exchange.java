package dev.weft.netlink;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Something to be done with a [NetlinkSocket] by its thread, whose outcome another thread waits for.
final class Exchange<T extends @Nullable Object> {
    interface Work<T extends @Nullable Object> {
        T on(Conversation conversation);
    }

    /// Makes an object of a message's body; null where it is not about such an object.
    interface Decoder<T> {
        @Nullable
        T decode(ByteBuffer body);
    }

    private final String doing;
    private final Work<T> work;

    // Guarded by this.
    private boolean done;
    private @Nullable T result;
    private @Nullable RuntimeException failure;

    /// @param doing as it reads behind "cannot"
    Exchange(String doing, Work<T> work) {
        this.doing = doing;
        this.work = work;
    }

    /// In the socket's thread.
    ///
    /// @return false if it died of an Error, so that nobody knows what state the conversation is in
    boolean run(Conversation conversation) {
        try {
            finish(work.on(conversation), null);
        } catch (MalformedMessageException malformed) {
            fail("the kernel's answer cannot be read: " + malformed.getMessage(), malformed);
        } catch (RuntimeException refusal) {
            finish(null, refusal);
        } catch (Error death) {
            die(death);
            return false;
        }
        return true;
    }

    void die(Error death) {
        fail(
                "the connection has died of " + death
                        + ". What was being changed may be half done: read it back. The next call connects again",
                death);
    }

    void refuse(RuntimeException refusal) {
        finish(null, refusal);
    }

    void fail(String reason, @Nullable Throwable cause) {
        finish(null, NetlinkException.failed(doing, reason, cause));
    }

    private synchronized void finish(@Nullable T outcome, @Nullable RuntimeException refusal) {
        if (!done) {
            done = true;
            result = outcome;
            failure = refusal;
            notifyAll();
        }
    }

    /// Waits for the end, which the connection's time limits bring about. An interrupt does not shorten the
    /// wait, as the change may be half done; the thread stays interrupted.
    @SuppressWarnings("NullAway") // T may be a nullable type
    synchronized T await() {
        boolean interrupted = false;
        while (!done) {
            try {
                wait();
            } catch (InterruptedException interrupt) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure instanceof NetlinkException refusal) {
            throw refusal.inCallersThread();
        }
        if (failure != null) {
            throw failure;
        }
        return result;
    }
}
