package dev.weft.netlink;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.weft.inet.MacAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/// Sends and receives whole Ethernet frames on links of one network namespace (packet(7)).
///
/// It hears what comes in, never what this host sends, and it hears it where a protocol would: of a link that is a
/// bridge's port nothing, of the parent of macvlan links what is for the parent, for a group or for all.
///
/// The kernel has a socket for each link and EtherType. One for all EtherTypes would do, but the kernel then copies
/// every frame that the link sends before it asks the filter.
///
/// Any thread may call. [#receive] waits in a native call, which pins the carrier of a virtual thread: call it on a
/// platform thread.
public final class PacketSocket implements AutoCloseable {
    /// EtherTypes (linux/if_ether.h).
    public static final int ARP = 0x0806;

    public static final int IPV6 = 0x86dd;

    /// Smaller numbers are lengths, or mean something to Linux alone (ETH_P_ALL).
    private static final int SMALLEST_ETHER_TYPE = 0x0600;

    private static final int LARGEST_ETHER_TYPE = 0xffff;
    private static final int ETHERNET_HEADER = 14;
    private static final int ETHER_TYPE_OFFSET = 12;
    private static final int RECEIVE_CAPACITY = 2048;

    // struct sockaddr_ll and struct packet_mreq, linux/if_packet.h
    private static final int SOCKADDR_LL = 20;
    private static final int SLL_PROTOCOL_OFFSET = 2;
    private static final int SLL_IFINDEX_OFFSET = 4;
    private static final int PACKET_MREQ = 16;
    private static final int MR_TYPE_OFFSET = 4;
    private static final int MR_ALEN_OFFSET = 6;
    private static final int MR_ADDRESS_OFFSET = 8;

    // struct pollfd, poll.h
    private static final int POLLFD = 8;
    private static final int REVENTS_OFFSET = 6;

    private final NetworkNamespace namespace;
    private final Set<Integer> etherTypes;
    private final @Nullable PacketFilter filter;
    private final int wakeup;

    /// Shared by those who use descriptors; exclusive for whoever closes some.
    private final ReadWriteLock use = new ReentrantReadWriteLock();

    // Written under the exclusive lock.
    private List<Port> ports = List.of();
    private volatile boolean open = true;

    /// How many wait for the exclusive lock: until they have it, nobody begins to wait for frames.
    private final AtomicInteger waiting = new AtomicInteger();

    /// Whether [#wake] was called and no wait has ended since.
    private volatile boolean woken;

    /// The next one to be asked, so that a busy link does not silence the others. A race only makes it less fair.
    private volatile int turn;

    private record Port(int link, int descriptor) {}

    private PacketSocket(
            NetworkNamespace namespace, Set<Integer> etherTypes, @Nullable PacketFilter filter, int wakeup) {
        this.namespace = namespace;
        this.etherTypes = Set.copyOf(etherTypes);
        this.filter = filter;
        this.wakeup = wakeup;
    }

    /// One that has no links yet. Needs CAP_NET_RAW in the namespace, and CAP_SYS_ADMIN if that is not the process's
    /// own.
    ///
    /// @param namespace  must stay open as long as links are attached
    /// @param etherTypes what it receives, 0x0600 to 0xffff; none for a socket that only sends
    /// @param filter     which of them; null for all
    public static PacketSocket open(
            NetworkNamespace namespace, Set<Integer> etherTypes, @Nullable PacketFilter filter) {
        for (int etherType : new TreeSet<>(etherTypes)) {
            if (etherType < SMALLEST_ETHER_TYPE || etherType > LARGEST_ETHER_TYPE) {
                throw new IllegalArgumentException(
                        "0x" + Integer.toHexString(etherType) + " is not an EtherType; they are from 0x600 to 0xffff");
            }
        }
        int wakeup = LibC.eventfd(0, Kernel.EFD_CLOEXEC | Kernel.EFD_NONBLOCK);
        if (wakeup < 0) {
            throw NetlinkException.refused("make an eventfd for a packet socket", -wakeup);
        }
        return new PacketSocket(namespace, etherTypes, filter, wakeup);
    }

    /// Sends and receives on that link from now on, until it is deleted or [#detach] is called; also while it is
    /// down and up again.
    ///
    /// @throws NetlinkException if there is no such link
    public void attach(int link) {
        exclusively("open a packet socket on link " + link, () -> {
            var added = new ArrayList<>(ports);
            added.addAll(namespace.call(() -> openPorts(link)));
            ports = List.copyOf(added);
        });
    }

    private List<Port> openPorts(int link) {
        var opened = new ArrayList<Port>();
        try {
            if (etherTypes.isEmpty()) {
                opened.add(new Port(link, openPort(link, 0)));
            }
            for (int etherType : etherTypes) {
                opened.add(new Port(link, openPort(link, etherType)));
            }
        } catch (RuntimeException refusal) {
            closeAll(opened);
            throw refusal;
        }
        return opened;
    }

    /// It hears nothing until it is bound, so nothing passes by the filter.
    private int openPort(int link, int etherType) {
        var doing = "open a packet socket on link " + link;
        int descriptor = LibC.socket(Kernel.AF_PACKET, Kernel.SOCK_RAW | Kernel.SOCK_CLOEXEC, 0);
        if (descriptor < 0) {
            throw NetlinkException.refused(doing, -descriptor);
        }
        try (Arena arena = Arena.ofConfined()) {
            int done = filter == null
                    ? 0
                    : LibC.setsockopt(descriptor, Kernel.SOL_SOCKET, Kernel.SO_ATTACH_FILTER, filter.toNative(arena));
            if (done >= 0) {
                done = LibC.bind(descriptor, sockaddr(link, etherType, arena));
            }
            if (done < 0) {
                LibC.close(descriptor);
                throw NetlinkException.refused(doing, -done);
            }
        }
        return descriptor;
    }

    private static MemorySegment sockaddr(int link, int etherType, Arena arena) {
        var address = arena.allocate(SOCKADDR_LL, Integer.BYTES);
        address.set(JAVA_SHORT, 0, (short) Kernel.AF_PACKET);
        address.set(JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN), SLL_PROTOCOL_OFFSET, (short) etherType);
        address.set(JAVA_INT, SLL_IFINDEX_OFFSET, link);
        return address;
    }

    /// Does nothing where the link is not attached.
    public void detach(int link) {
        exclusively("close the packet socket on link " + link, () -> {
            closeAll(ports.stream().filter(port -> port.link == link).toList());
            ports = ports.stream().filter(port -> port.link != link).toList();
        });
    }

    /// Lets frames for a group in by a link's own filter, until the link is detached. All get in that are for all.
    ///
    /// @param link  attached
    /// @param group a multicast address
    public void join(int link, MacAddress group) {
        var doing = "receive frames for " + group + " on link " + link;
        shared(doing, () -> {
            try (Arena arena = Arena.ofConfined()) {
                var request = arena.allocate(PACKET_MREQ, Integer.BYTES);
                request.set(JAVA_INT, 0, link);
                request.set(JAVA_SHORT, MR_TYPE_OFFSET, (short) Kernel.PACKET_MR_MULTICAST);
                request.set(JAVA_SHORT, MR_ALEN_OFFSET, (short) group.toBytes().length);
                MemorySegment.copy(group.toBytes(), 0, request, JAVA_BYTE, MR_ADDRESS_OFFSET, group.toBytes().length);
                return LibC.setsockopt(port(link).descriptor, Kernel.SOL_PACKET, Kernel.PACKET_ADD_MEMBERSHIP, request);
            }
        });
    }

    /// Sends one frame.
    ///
    /// @param link  attached
    /// @param frame from the destination address on
    /// @throws NetlinkException ENETDOWN if the link is down, ENXIO if it is gone, ENOBUFS if it drops the
    ///                          frame, as it does for a moment after it came up
    public void send(int link, byte[] frame) {
        var doing = "send a frame on link " + link;
        if (frame.length < ETHERNET_HEADER) {
            throw NetlinkException.failed(doing, "it has " + frame.length + " bytes, less than its header", null);
        }
        shared(doing, () -> {
            try (Arena arena = Arena.ofConfined()) {
                int etherType = Short.toUnsignedInt(ByteBuffer.wrap(frame).getShort(ETHER_TYPE_OFFSET));
                return (int) LibC.sendto(
                        port(link).descriptor,
                        arena.allocateFrom(JAVA_BYTE, frame),
                        Kernel.MSG_DONTWAIT,
                        sockaddr(link, etherType, arena));
            }
        });
    }

    private Port port(int link) {
        return ports.stream()
                .filter(port -> port.link == link)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("link " + link + " is not attached"));
    }

    /// Waits for a frame.
    ///
    /// @param timeout how long at most, up to 24 days
    /// @return empty if none came in time, after [#wake], and when another thread attaches, detaches or closes
    /// @throws NetlinkException ENETDOWN, once, when a link went down or was deleted
    public Optional<Frame> receive(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        use.readLock().lock();
        try (Arena arena = Arena.ofConfined()) {
            var polled = arena.allocate((ports.size() + 1L) * POLLFD, Integer.BYTES);
            for (int i = 0; i < ports.size(); i++) {
                pollfd(polled, i, ports.get(i).descriptor);
            }
            pollfd(polled, ports.size(), wakeup);
            while (open && waiting.get() == 0) {
                long millis = Math.ceilDiv(Math.max(0, deadline - System.nanoTime()), 1_000_000);
                int ready = LibC.poll(polled, ports.size() + 1, (int) millis);
                if (ready < 0 && ready != -Kernel.EINTR) {
                    throw NetlinkException.refused("wait for frames", -ready);
                }
                if (isReady(polled, ports.size())) {
                    if (waiting.get() == 0) {
                        woken = false;
                        LibC.eventfdRead(wakeup);
                    }
                    return Optional.empty();
                }
                var frame = take(polled, arena);
                if (frame != null) {
                    return Optional.of(frame);
                }
                if (deadline - System.nanoTime() <= 0) {
                    return Optional.empty();
                }
            }
            return Optional.empty();
        } finally {
            use.readLock().unlock();
        }
    }

    /// Of the first link whose turn it is and that has one.
    private @Nullable Frame take(MemorySegment polled, Arena arena) {
        int first = turn;
        for (int i = 0; i < ports.size(); i++) {
            int candidate = Math.floorMod(first + i, ports.size());
            if (isReady(polled, candidate)) {
                turn = candidate + 1;
                var frame = take(ports.get(candidate), arena);
                if (frame != null) {
                    return frame;
                }
            }
        }
        return null;
    }

    private static @Nullable Frame take(Port port, Arena arena) {
        var bytes = arena.allocate(RECEIVE_CAPACITY);
        long length =
                LibC.recvfrom(port.descriptor, bytes, Kernel.MSG_DONTWAIT, MemorySegment.NULL, MemorySegment.NULL);
        if (length == -Kernel.EAGAIN) {
            return null; // another thread was faster
        }
        if (length < 0) {
            throw NetlinkException.refused("receive frames on link " + port.link, (int) -length);
        }
        return new Frame(port.link, ByteBuffer.wrap(bytes.asSlice(0, length).toArray(JAVA_BYTE)));
    }

    private static void pollfd(MemorySegment polled, int position, int descriptor) {
        polled.set(JAVA_INT, (long) position * POLLFD, descriptor);
        polled.set(JAVA_SHORT, (long) position * POLLFD + Integer.BYTES, Kernel.POLLIN);
    }

    private static boolean isReady(MemorySegment polled, int position) {
        return polled.get(JAVA_SHORT, (long) position * POLLFD + REVENTS_OFFSET) != 0;
    }

    /// Ends one wait in [#receive], now or the next time.
    public void wake() {
        use.readLock().lock();
        try {
            woken = true;
            interrupt();
        } finally {
            use.readLock().unlock();
        }
    }

    private void interrupt() {
        if (open) {
            LibC.eventfdWrite(wakeup, 1);
        }
    }

    public boolean isOpen() {
        return open;
    }

    private interface NativeCall {
        int result();
    }

    private void shared(String doing, NativeCall call) {
        use.readLock().lock();
        try {
            requireOpen(doing);
            int result = call.result();
            if (result < 0) {
                throw NetlinkException.refused(doing, -result);
            }
        } finally {
            use.readLock().unlock();
        }
    }

    private void exclusively(String doing, Runnable change) {
        exclusively(() -> {
            requireOpen(doing);
            change.run();
        });
    }

    private void exclusively(Runnable change) {
        waiting.incrementAndGet();
        use.readLock().lock();
        try {
            interrupt();
        } finally {
            use.readLock().unlock();
        }
        use.writeLock().lock();
        try {
            waiting.decrementAndGet();
            if (open && !woken) {
                LibC.eventfdRead(wakeup);
            }
            change.run();
        } finally {
            use.writeLock().unlock();
        }
    }

    private void requireOpen(String doing) {
        if (!open) {
            throw NetlinkException.failed(doing, "the packet socket was closed", null);
        }
    }

    /// Ends waits in [#receive], and returns when nothing is open any more.
    @Override
    public void close() {
        exclusively(() -> {
            if (open) {
                open = false;
                closeAll(ports);
                ports = List.of();
                LibC.close(wakeup);
            }
        });
    }

    private static void closeAll(List<Port> closed) {
        closed.forEach(port -> LibC.close(port.descriptor));
    }
}
