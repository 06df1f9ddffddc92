package dev.weft.drivers.neighbors;

import dev.weft.inet.MacAddress;
import dev.weft.netlink.Errno;
import dev.weft.netlink.Frame;
import dev.weft.netlink.Link;
import dev.weft.netlink.Netlink;
import dev.weft.netlink.NetlinkException;
import dev.weft.netlink.NetworkNamespace;
import dev.weft.netlink.PacketFilter;
import dev.weft.netlink.PacketSocket;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Asks a LAN whether somebody has an address already.
public final class Prober {
    /// A link drops frames for a moment after it came up.
    private static final Duration RETRY = Duration.ofMillis(10);

    private final NetworkNamespace namespace;
    private final RandomGenerator random;

    /// @param namespace in which the links are; must stay open
    /// @param random    for the pauses of [Probe#RFC]
    public Prober(NetworkNamespace namespace, RandomGenerator random) {
        this.namespace = namespace;
        this.random = random;
    }

    /// Asks for all addresses in one wait, which ends with the first conflict: somebody else has one of
    /// them, the link itself say, or asks for it at the same time. Any thread may call; a platform thread of
    /// its own waits.
    ///
    /// A link that is missing, down, without carrier or without a MAC address is not asked: nobody is
    /// there to answer.
    ///
    /// A parent does not hear its own macvlan children; a macvlan link in bridge mode hears its
    /// siblings too.
    ///
    /// @param link      such as the parent, or a macvlan link on it
    /// @param addresses IPv4 and IPv6
    /// @param own       MAC addresses whose claims are no conflict, beside that of the link
    /// @throws NetlinkException if the link cannot be asked, for want of a privilege say
    public Optional<Conflict> probe(
            String link, Collection<? extends InetAddress> addresses, Set<MacAddress> own, Probe kind) {
        if (kind == Probe.OFF || addresses.isEmpty()) {
            return Optional.empty();
        }
        return namespace.call(() -> {
            try {
                return carrying(link)
                        .flatMap(found -> held(found, addresses).or(() -> ask(found, addresses, own, kind)));
            } catch (NetlinkException failure) {
                if (isLinkGone(failure)) {
                    return Optional.empty();
                }
                throw failure;
            }
        });
    }

    private Optional<Link> carrying(String name) {
        try (var netlink = Netlink.open(namespace)) {
            return netlink.link(name).filter(link -> link.up() && link.carrier());
        }
    }

    /// A link does not hear itself.
    private Optional<Conflict> held(Link link, Collection<? extends InetAddress> addresses) {
        var mac = link.address();
        if (mac == null) {
            return Optional.empty();
        }
        try (var netlink = Netlink.open(namespace)) {
            return netlink.addresses().stream()
                    .filter(held -> held.index() == link.index())
                    .map(held -> held.cidr().address())
                    .filter(addresses::contains)
                    .findFirst()
                    .map(address -> new Conflict(address, mac, link.name()));
        }
    }

    static boolean isLinkGone(NetlinkException failure) {
        return failure.is(Errno.ENETDOWN) || failure.is(Errno.ENXIO) || failure.is(Errno.ENODEV);
    }

    private Optional<Conflict> ask(
            Link link, Collection<? extends InetAddress> addresses, Set<MacAddress> own, Probe kind) {
        var mac = link.address();
        if (mac == null) {
            return Optional.empty();
        }
        var allOwn = new HashSet<>(own);
        allOwn.add(mac);
        try (var socket = PacketSocket.open(
                namespace, Set.of(PacketSocket.ARP, PacketSocket.IPV6), PacketFilter.NEIGHBOR_MESSAGES)) {
            socket.attach(link.index());
            return new Question(socket, link, mac, Set.copyOf(addresses), allOwn).ask(kind.schedule(random));
        }
    }

    /// One run of [#probe] on a link that carries frames.
    private record Question(
            PacketSocket socket, Link link, MacAddress mac, Set<InetAddress> addresses, Set<MacAddress> own) {
        Optional<Conflict> ask(Probe.Schedule schedule) {
            joinGroups();
            long start = System.nanoTime();
            var asking = new ArrayDeque<>(schedule.asking());
            boolean first = true;
            while (true) {
                var elapsed = Duration.ofNanos(System.nanoTime() - start);
                if (elapsed.compareTo(schedule.end()) >= 0) {
                    return Optional.empty();
                }
                var next = asking.isEmpty() ? schedule.end() : asking.getFirst();
                if (!asking.isEmpty() && elapsed.compareTo(next) >= 0) {
                    asking.removeFirst();
                    if (send(first)) {
                        first = false;
                    } else {
                        asking.addFirst(elapsed.plus(RETRY));
                    }
                } else {
                    var conflict = socket.receive(next.minus(elapsed)).flatMap(this::conflict);
                    if (conflict.isPresent()) {
                        return conflict;
                    }
                }
            }
        }

        /// Whoever has an address answers to all nodes; whoever wants it too asks its group.
        private void joinGroups() {
            for (var address : addresses) {
                if (address instanceof Inet6Address ipv6) {
                    socket.join(link.index(), Icmpv6.groupMac(NeighborAdvertisement.ALL_NODES));
                    socket.join(link.index(), Icmpv6.groupMac(Icmpv6.solicitedNodeGroup(ipv6)));
                }
            }
        }

        /// Duplicate detection asks once (RFC 4862, DupAddrDetectTransmits).
        ///
        /// @return false if the link has dropped something
        private boolean send(boolean first) {
            for (var address : addresses) {
                if (address instanceof Inet4Address || first) {
                    try {
                        socket.send(link.index(), message(address).toFrame());
                    } catch (NetlinkException failure) {
                        if (failure.is(Errno.ENOBUFS)) {
                            return false;
                        }
                        throw failure;
                    }
                }
            }
            return true;
        }

        private NeighborMessage message(InetAddress address) {
            return address instanceof Inet4Address ipv4
                    ? ArpMessage.probe(mac, ipv4)
                    : NeighborSolicitation.probe(mac, (Inet6Address) address);
        }

        private Optional<Conflict> conflict(Frame frame) {
            return NeighborMessage.decode(frame.bytes())
                    .flatMap(NeighborMessage::claim)
                    .filter(claim -> addresses.contains(claim.address()) && !own.contains(claim.holder()))
                    .map(claim -> new Conflict(claim.address(), claim.holder(), link.name()));
        }
    }
}
