package dev.weft.netlink;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// Tells when links of a network namespace are made, changed or removed, by whomever (rtnetlink(7), RTNLGRP_LINK).
///
/// It does not tell what happened: when changes come fast the kernel drops notices, so who wants to know reads the
/// links. A platform thread of its own waits, and calls back.
public final class LinkMonitor implements AutoCloseable {
    private static final int RTNLGRP_LINK = 1; // linux/rtnetlink.h
    private static final long WAIT_NANOS = Duration.ofHours(1).toNanos();

    private final Runnable changed;
    private final Thread thread;
    private final Object lock = new Object();

    /// Guarded by `lock`; null before it is open and after it is closed.
    private @Nullable NetlinkSocket socket;

    private LinkMonitor(NetworkNamespace namespace, Runnable changed, CompletableFuture<Boolean> opened) {
        this.changed = changed;
        this.thread = Thread.ofPlatform().name("netlink-monitor").daemon().unstarted(() -> live(namespace, opened));
    }

    /// Needs CAP_SYS_ADMIN for a namespace that is not the process's own.
    ///
    /// @param changed called from the monitor's thread, for each notice or more rarely; must return soon
    /// @throws NetlinkException if the namespace cannot be watched
    public static LinkMonitor open(NetworkNamespace namespace, Runnable changed) {
        var opened = new CompletableFuture<Boolean>();
        var monitor = new LinkMonitor(namespace, changed, opened);
        monitor.thread.start();
        try {
            opened.join();
            return monitor;
        } catch (CompletionException failure) {
            throw failure.getCause() instanceof RuntimeException reason ? reason : failure;
        }
    }

    private void live(NetworkNamespace namespace, CompletableFuture<Boolean> opened) {
        try {
            namespace.enter();
            var listening = NetlinkSocket.subscribe(RTNLGRP_LINK);
            synchronized (lock) {
                socket = listening;
            }
            opened.complete(true);
            watch(listening);
        } catch (RuntimeException failure) {
            opened.completeExceptionally(failure);
        } finally {
            synchronized (lock) {
                if (socket != null) {
                    socket.close();
                    socket = null;
                }
            }
        }
    }

    private void watch(NetlinkSocket listening) {
        while (true) {
            switch (listening.receive(WAIT_NANOS)) {
                case RECEIVED, TRUNCATED, OVERFLOWED -> changed.run();
                case TIMED_OUT -> {}
                case WOKEN -> {
                    return;
                }
            }
        }
    }

    /// Returns when no further call comes.
    @Override
    public void close() {
        synchronized (lock) {
            if (socket != null) {
                socket.wake();
            }
        }
        Visit.join(thread);
    }
}
