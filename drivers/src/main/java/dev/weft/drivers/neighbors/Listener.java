package dev.weft.drivers.neighbors;

import static java.lang.System.Logger.Level.WARNING;

import dev.weft.inet.MacAddress;
import dev.weft.netlink.ChangeMonitor;
import dev.weft.netlink.Errno;
import dev.weft.netlink.Frame;
import dev.weft.netlink.Link;
import dev.weft.netlink.Netlink;
import dev.weft.netlink.NetlinkException;
import dev.weft.netlink.NetworkNamespace;
import dev.weft.netlink.PacketFilter;
import dev.weft.netlink.PacketSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/// The thread of a [ConflictWatch] that hears claims on links, wherever these come and go.
final class Listener implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Listener.class.getName());

    private static final MacAddress ALL_NODES = Icmpv6.groupMac(NeighborAdvertisement.ALL_NODES);
    private static final Duration FOR_EVER = Duration.ofDays(1);

    private final NetworkNamespace host;
    private final Predicate<Conflict> claims;
    private final Thread thread;
    private final AtomicBoolean stale = new AtomicBoolean();
    private final PacketSocket socket;

    private volatile Set<String> wanted = Set.of();
    private volatile boolean closing;

    /// By index, the links that are attached. Of the listener's thread.
    private final Map<Integer, String> attached = new HashMap<>();

    /// @param claims hears, in the listener's thread, who claims an address; says whether that is news
    /// @throws NetlinkException if there are too many open files
    Listener(NetworkNamespace host, Predicate<Conflict> claims) {
        this.host = host;
        this.claims = claims;
        socket = PacketSocket.open(host, Set.of(PacketSocket.ARP, PacketSocket.IPV6), PacketFilter.NEIGHBOR_MESSAGES);
        thread = Thread.ofPlatform().name("neighbor-watch").daemon().start(this::live);
    }

    /// @param links by name; others are not heard any more
    void listen(Set<String> links) {
        wanted = Set.copyOf(links);
        lookAgain();
    }

    private void lookAgain() {
        stale.set(true);
        socket.wake();
    }

    /// Of itself, because it could not go on.
    boolean hasEnded() {
        return !thread.isAlive();
    }

    private void live() {
        try (socket;
                var _ = ChangeMonitor.open(host, Set.of(ChangeMonitor.Subject.LINKS), _ -> lookAgain())) {
            while (socket.isOpen()) {
                if (stale.getAndSet(false)) {
                    follow();
                }
                hear();
            }
        } catch (RuntimeException failure) {
            if (!closing) {
                LOG.log(WARNING, "conflicts of addresses on the LAN are not heard: {0}", failure.getMessage());
            }
        }
    }

    private void hear() {
        try {
            socket.receive(FOR_EVER).ifPresent(this::heard);
        } catch (NetlinkException failure) {
            if (!failure.is(Errno.ENETDOWN)) {
                throw failure;
            }
            // One of them went down or away. If it is back already, even with the same index, that is another socket.
            List.copyOf(attached.keySet()).forEach(this::leave);
            stale.set(true);
        }
    }

    private void heard(Frame frame) {
        var link = attached.get(frame.link());
        var claim = NeighborMessage.decode(frame.bytes())
                .flatMap(NeighborMessage::claim)
                .filter(made -> !made.tentative()) // our container answers, and the other gives way
                .orElse(null);
        if (link != null && claim != null) {
            var conflict = new Conflict(claim.address(), claim.holder(), link);
            if (claims.test(conflict)) {
                LOG.log(WARNING, "{0}", conflict.sentence());
            }
        }
    }

    /// Brings what is attached up to date: links that are wanted and up, by the names that they have now.
    private void follow() {
        var present = upLinks();
        Map.copyOf(attached).forEach((index, name) -> {
            if (!name.equals(present.get(index))) {
                leave(index);
            }
        });
        present.forEach((index, name) -> {
            if (!attached.containsKey(index)) {
                enter(index, name);
            }
        });
    }

    private Map<Integer, String> upLinks() {
        var up = new HashMap<Integer, String>();
        try (var netlink = Netlink.open(host)) {
            for (String name : wanted) {
                netlink.link(name).filter(Link::up).ifPresent(link -> up.put(link.index(), name));
            }
        }
        return up;
    }

    private void enter(int index, String name) {
        try {
            socket.attach(index);
            attached.put(index, name);
            socket.join(index, ALL_NODES);
        } catch (NetlinkException failure) {
            leave(index);
            if (!Prober.isLinkGone(failure)) {
                LOG.log(
                        WARNING,
                        "conflicts of addresses on the LAN behind {0} are not heard: {1}",
                        name,
                        failure.getMessage());
            }
        }
    }

    private void leave(int index) {
        attached.remove(index);
        socket.detach(index);
    }

    @Override
    public void close() {
        closing = true;
        socket.close();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException interrupt) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
