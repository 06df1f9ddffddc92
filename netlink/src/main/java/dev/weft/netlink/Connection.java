package dev.weft.netlink;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A platform thread that owns one socket and works off exchanges in the order they came. A blocking native call would
/// pin the carrier of a virtual thread, so no caller makes one. Guarded by `lock`: all that changes.
final class Connection implements AutoCloseable {
    static final String CLOSED = "the connection was closed";

    private final Duration silence;
    private final Supplier<NetlinkSocket> neighborAnnouncements;
    private final Object lock = new Object();
    private final Deque<Exchange<?>> waiting = new ArrayDeque<>();
    private final Thread thread;
    private @Nullable NetlinkSocket socket;

    /// Why nothing can be asked any more; null while it can.
    private @Nullable String end;

    private @Nullable Throwable cause;

    /// @param text    where it leads, for messages
    /// @param silence how long the kernel may take for a datagram before an exchange fails
    /// @param opener  opens the socket, in the thread that will own it
    /// @param neighborAnnouncements see [Conversation]; used in the same thread
    Connection(
            String text,
            Duration silence,
            Supplier<NetlinkSocket> opener,
            Supplier<NetlinkSocket> neighborAnnouncements) {
        this.silence = silence;
        this.neighborAnnouncements = neighborAnnouncements;
        var opening = new Exchange<>("connect to the kernel in " + text, _ -> true);
        waiting.add(opening);
        thread = Thread.ofPlatform().name("netlink").daemon().unstarted(() -> live(opener, opening));
        thread.start();
        opening.await();
    }

    /// @param doing as it reads behind "cannot"
    <T extends @Nullable Object> T perform(String doing, Exchange.Work<T> work) {
        var exchange = new Exchange<>(doing, work);
        synchronized (lock) {
            if (end != null) {
                exchange.fail(end, cause);
            } else {
                waiting.add(exchange);
                lock.notifyAll();
            }
        }
        return exchange.await();
    }

    private void live(Supplier<NetlinkSocket> opener, Exchange<?> opening) {
        NetlinkSocket opened;
        try {
            opened = opener.get();
        } catch (RuntimeException refusal) {
            opening.refuse(refusal);
            return;
        }
        try (opened) {
            work(opened);
        }
    }

    private void work(NetlinkSocket opened) {
        synchronized (lock) {
            socket = opened;
        }
        try {
            workOff(new Conversation(opened, silence.toNanos(), neighborAnnouncements));
            finish(CLOSED, null);
        } catch (RuntimeException | Error death) {
            finish("the connection has died of " + death + ". Open a new one", death);
            throw death;
        } finally {
            synchronized (lock) {
                socket = null; // before it is closed: its descriptors' numbers may be given to others at once
            }
        }
    }

    private void workOff(Conversation conversation) {
        for (var next = next(); next != null; next = next()) {
            try {
                next.run(conversation);
            } catch (Error death) {
                next.fail("the connection has died of " + death + ". Open a new one", death);
                throw death;
            }
        }
    }

    /// @return null when the connection has been closed
    private @Nullable Exchange<?> next() {
        synchronized (lock) {
            while (end == null && waiting.isEmpty()) {
                try {
                    lock.wait();
                } catch (InterruptedException nobodysBusiness) {
                    // Only this class knows the thread; close() says it otherwise.
                }
            }
            return end == null ? waiting.poll() : null;
        }
    }

    private void finish(String reason, @Nullable Throwable why) {
        synchronized (lock) {
            if (end == null) {
                end = reason;
                cause = why;
            }
            for (var exchange : waiting) {
                exchange.fail(end, cause);
            }
            waiting.clear();
        }
    }

    /// Fails what is going on and what is waiting, and returns when the socket is closed.
    @Override
    public void close() {
        synchronized (lock) {
            if (end == null) {
                end = CLOSED;
            }
            if (socket != null) {
                socket.wake();
            }
            lock.notifyAll();
        }
        Visit.join(thread);
    }
}
