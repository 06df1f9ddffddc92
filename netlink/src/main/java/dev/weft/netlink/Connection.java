package dev.weft.netlink;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// A platform thread that owns one socket and works off exchanges in the order they came. A blocking native call would
/// pin the carrier of a virtual thread, so no caller makes one. Guarded by `lock`: all that changes.
///
/// The thread stays in the namespace that it entered first. When its socket fails, or an exchange ends with an Error,
/// the next exchange gets another socket there.
final class Connection implements AutoCloseable {
    static final String CLOSED = "the connection was closed";

    private final Duration silence;
    private final IntFunction<NetlinkSocket> sockets;
    private final Object lock = new Object();
    private final Deque<Exchange<?>> waiting = new ArrayDeque<>();
    private final Thread thread;
    private @Nullable NetlinkSocket socket;
    private boolean closed;

    /// @param text    where it leads, for messages
    /// @param silence how long the kernel may take for a datagram before an exchange fails
    /// @param arrival moves the calling thread to where sockets are to be opened
    /// @param sockets opens a socket in the calling thread's namespace, which receives announcements for
    ///                some RTMGRP_* (linux/rtnetlink.h)
    Connection(String text, Duration silence, Runnable arrival, IntFunction<NetlinkSocket> sockets) {
        this.silence = silence;
        this.sockets = sockets;
        var opening = new Exchange<>("connect to the kernel in " + text, _ -> true);
        waiting.add(opening);
        thread = Thread.ofPlatform().name("netlink").daemon().unstarted(() -> live(arrival, opening));
        thread.start();
        try {
            opening.await();
        } catch (RuntimeException refusal) {
            close();
            throw refusal;
        }
    }

    /// @param doing as it reads behind "cannot"
    <T extends @Nullable Object> T perform(String doing, Exchange.Work<T> work) {
        var exchange = new Exchange<>(doing, work);
        synchronized (lock) {
            if (closed) {
                exchange.fail(CLOSED, null);
            } else {
                waiting.add(exchange);
                lock.notifyAll();
            }
        }
        return exchange.await();
    }

    private void live(Runnable arrival, Exchange<?> opening) {
        try {
            arrival.run();
            for (var next = next(); next != null; next = next()) {
                connectFor(next);
            }
        } catch (RuntimeException refusal) {
            opening.refuse(refusal);
        } finally {
            finish();
        }
    }

    /// Opens a socket for an exchange, and goes on with it until it fails or the connection is closed.
    private void connectFor(Exchange<?> first) {
        try (var opened = sockets.apply(0)) {
            own(opened);
            try {
                workOff(first, opened);
            } finally {
                disown(); // before it is closed: its descriptors' numbers may be given to others at once
            }
        } catch (RuntimeException refusal) {
            first.refuse(refusal);
        } catch (Error death) {
            first.die(death);
        }
    }

    private void workOff(Exchange<?> first, NetlinkSocket opened) {
        var conversation = new Conversation(opened, silence.toNanos(), sockets);
        var next = first;
        while (next != null) {
            boolean alive = next.run(conversation);
            if (!alive || opened.isBroken()) {
                return;
            }
            next = next();
        }
    }

    private void own(NetlinkSocket opened) {
        synchronized (lock) {
            socket = opened;
            if (closed) {
                opened.wake();
            }
        }
    }

    private void disown() {
        synchronized (lock) {
            socket = null;
        }
    }

    /// @return null when the connection has been closed
    private @Nullable Exchange<?> next() {
        synchronized (lock) {
            while (!closed && waiting.isEmpty()) {
                try {
                    lock.wait();
                } catch (InterruptedException nobodysBusiness) {
                    // Only this class knows the thread; close() says it otherwise.
                }
            }
            return closed ? null : waiting.poll();
        }
    }

    private void finish() {
        synchronized (lock) {
            closed = true;
            for (var exchange : waiting) {
                exchange.fail(CLOSED, null);
            }
            waiting.clear();
        }
    }

    /// Fails what is going on and what is waiting, and returns when the socket is closed.
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            if (socket != null) {
                socket.wake();
            }
            lock.notifyAll();
        }
        Visit.join(thread);
    }
}
