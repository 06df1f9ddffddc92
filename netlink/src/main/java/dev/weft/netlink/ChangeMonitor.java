package dev.weft.netlink;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Tells when something in a network namespace is made, changed or removed, by whomever (rtnetlink(7)).
///
/// It does not tell what happened: when changes come fast the kernel drops notices, so who wants to know reads the
/// tables. A platform thread of its own waits, and calls back.
public final class ChangeMonitor implements AutoCloseable {
    private static final long WAIT_NANOS = Duration.ofHours(1).toNanos();

    /// What can change.
    public enum Subject {
        /// Ports of bridges and their flags too.
        LINKS(Kernel.RTMGRP_LINK),
        /// IPv4 and IPv6.
        ADDRESSES(Kernel.RTMGRP_IPV4_IFADDR | Kernel.RTMGRP_IPV6_IFADDR),
        /// IPv4 and IPv6. Of IPv4 routes that end because their link goes down the kernel tells nothing but [#LINKS].
        ROUTES(Kernel.RTMGRP_IPV4_ROUTE | Kernel.RTMGRP_IPV6_ROUTE),
        /// ARP and ND entries, which come, age and go without anybody's doing.
        NEIGHBORS(Kernel.RTMGRP_NEIGH),
        FDB(Kernel.RTMGRP_NEIGH),
        /// Qdiscs and filters; not those that go with their link.
        TRAFFIC_CONTROL(Kernel.RTMGRP_TC);

        private final int groups;

        Subject(int groups) {
            this.groups = groups;
        }

        private static @Nullable Subject of(Messages message) {
            return switch (message.type()) {
                case Kernel.RTM_NEWLINK, Kernel.RTM_DELLINK -> LINKS;
                case Kernel.RTM_NEWADDR, Kernel.RTM_DELADDR -> ADDRESSES;
                case Kernel.RTM_NEWROUTE, Kernel.RTM_DELROUTE -> ROUTES;
                case Kernel.RTM_NEWNEIGH, Kernel.RTM_DELNEIGH -> message.family() == Kernel.AF_BRIDGE ? FDB : NEIGHBORS;
                case Kernel.RTM_NEWQDISC, Kernel.RTM_DELQDISC, Kernel.RTM_NEWTFILTER, Kernel.RTM_DELTFILTER ->
                    TRAFFIC_CONTROL;
                default -> null;
            };
        }
    }

    private final Set<Subject> subjects;
    private final Consumer<Set<Subject>> changed;
    private final Thread thread;
    private final Object lock = new Object();

    /// Guarded by `lock`; null before it is open and after it is closed.
    private @Nullable NetlinkSocket socket;

    private ChangeMonitor(
            NetworkNamespace namespace,
            Set<Subject> subjects,
            Consumer<Set<Subject>> changed,
            CompletableFuture<Boolean> opened) {
        this.subjects = Set.copyOf(subjects);
        this.changed = changed;
        this.thread = Thread.ofPlatform().name("netlink-monitor").daemon().unstarted(() -> live(namespace, opened));
    }

    /// Needs CAP_SYS_ADMIN for a namespace that is not the process's own.
    ///
    /// @param subjects what to watch
    /// @param changed  called from the monitor's thread with what of it changed, and with all of it where
    ///                 notices were lost; must return soon, and throw nothing
    /// @throws NetlinkException if the namespace cannot be watched
    public static ChangeMonitor open(
            NetworkNamespace namespace, Set<Subject> subjects, Consumer<Set<Subject>> changed) {
        var opened = new CompletableFuture<Boolean>();
        var monitor = new ChangeMonitor(namespace, subjects, changed, opened);
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
            var listening = NetlinkSocket.open(groups());
            synchronized (lock) {
                socket = listening;
            }
            opened.complete(true);
            watch(listening);
        } catch (RuntimeException failure) {
            if (!opened.completeExceptionally(failure)) {
                throw failure;
            }
        } finally {
            synchronized (lock) {
                if (socket != null) {
                    socket.close();
                    socket = null;
                }
            }
        }
    }

    private int groups() {
        return subjects.stream().mapToInt(subject -> subject.groups).reduce(0, (some, more) -> some | more);
    }

    private void watch(NetlinkSocket listening) {
        while (true) {
            switch (listening.receive(WAIT_NANOS)) {
                case RECEIVED -> tell(changes(new Messages(listening.received())));
                case TRUNCATED, OVERFLOWED -> tell(subjects);
                case TIMED_OUT -> {}
                case BROKEN ->
                    throw NetlinkException.failed("listen to the kernel's notices", listening.whyBroken(), null);
                case WOKEN -> {
                    return;
                }
            }
        }
    }

    private Set<Subject> changes(Messages messages) {
        var found = EnumSet.noneOf(Subject.class);
        while (messages.next()) {
            var subject = Subject.of(messages);
            if (subject != null && subjects.contains(subject)) {
                found.add(subject);
            }
        }
        return found;
    }

    private void tell(Set<Subject> what) {
        if (!what.isEmpty()) {
            changed.accept(what);
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
