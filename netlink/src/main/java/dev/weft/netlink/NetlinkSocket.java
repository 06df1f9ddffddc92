package dev.weft.netlink;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;

/// A datagram socket to the kernel, with the buffers that it sends from and receives into. Used by the thread that made
/// it alone, except for [#wake], and [#close] by the same.
final class NetlinkSocket implements AutoCloseable {
    /// What came of waiting for a datagram.
    enum Arrival {
        RECEIVED,
        /// It was longer than the buffer and is lost; the buffer is longer now.
        TRUNCATED,
        /// The kernel had to drop datagrams because the socket's queue was full.
        OVERFLOWED,
        TIMED_OUT,
        WOKEN,
        /// Nothing will ever be received; see [#whyBroken].
        BROKEN
    }

    /// Room for more than 1000 FDB entries.
    static final int SEND_CAPACITY = 1 << 16;

    /// The kernel never fills more in one step of a dump (netlink_recvmsg in net/netlink/af_netlink.c).
    private static final int RECEIVE_CAPACITY = 1 << 15;

    private static final int RECEIVE_LIMIT = 1 << 24;

    /// The queue must hold an answer to every request of a batch, in case all fail.
    private static final int QUEUE_BYTES = 1 << 20;

    /// What an answer takes up in the queue at most: a buffer of 1 KiB and its struct sk_buff.
    private static final int QUEUED_ANSWER_BYTES = 2048;

    // struct sockaddr_nl, linux/netlink.h
    private static final int SOCKADDR_NL = 12;
    private static final int NL_PID_OFFSET = 4;
    private static final int NL_GROUPS_OFFSET = 8;

    // struct pollfd, poll.h
    private static final int POLLFD = 8;
    private static final int REVENTS_OFFSET = 6;

    private final int descriptor;
    private final int wakeup;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment sendSegment = arena.allocate(SEND_CAPACITY, Integer.BYTES);
    private final ByteBuffer sendBuffer = sendSegment.asByteBuffer().order(ByteOrder.nativeOrder());
    private final MemorySegment sender = arena.allocate(SOCKADDR_NL, Integer.BYTES);
    private final MemorySegment senderLength = arena.allocate(Integer.BYTES, Integer.BYTES);
    private final MemorySegment polled = arena.allocate(2 * POLLFD, Integer.BYTES);
    private final int answersQueued;

    private String whyBroken = "";
    private Arena receiveArena = Arena.ofConfined();
    private MemorySegment receiveSegment = receiveArena.allocate(RECEIVE_CAPACITY, Integer.BYTES);
    private ByteBuffer received = ByteBuffer.allocate(0);

    /// Takes over a datagram socket that answers as the kernel does.
    NetlinkSocket(int descriptor) {
        this.descriptor = descriptor;
        wakeup = LibC.eventfd(0, Kernel.EFD_CLOEXEC | Kernel.EFD_NONBLOCK);
        if (wakeup < 0) {
            LibC.close(descriptor);
            throw NetlinkException.refused("make an eventfd for a netlink connection", -wakeup);
        }
        pollfd(0, descriptor);
        pollfd(1, wakeup);
        answersQueued =
                Math.max(1, LibC.getsockopt(descriptor, Kernel.SOL_SOCKET, Kernel.SO_RCVBUF) / QUEUED_ANSWER_BYTES);
    }

    /// A socket in the calling thread's namespace, where it stays.
    ///
    /// @param groups RTMGRP_* (linux/rtnetlink.h): what it receives announcements about, from the return on
    static NetlinkSocket open(int groups) {
        int descriptor = LibC.socket(Kernel.AF_NETLINK, Kernel.SOCK_RAW | Kernel.SOCK_CLOEXEC, Kernel.NETLINK_ROUTE);
        if (descriptor < 0) {
            throw NetlinkException.refused("open a netlink socket", -descriptor);
        }
        // Each of these only makes answers better; kernels before 4.12 and 4.20 do without.
        LibC.setsockopt(descriptor, Kernel.SOL_NETLINK, Kernel.NETLINK_EXT_ACK, 1);
        LibC.setsockopt(descriptor, Kernel.SOL_NETLINK, Kernel.NETLINK_CAP_ACK, 1);
        LibC.setsockopt(descriptor, Kernel.SOL_NETLINK, Kernel.NETLINK_GET_STRICT_CHK, 1);
        if (LibC.setsockopt(descriptor, Kernel.SOL_SOCKET, Kernel.SO_RCVBUFFORCE, QUEUE_BYTES) < 0) {
            LibC.setsockopt(descriptor, Kernel.SOL_SOCKET, Kernel.SO_RCVBUF, QUEUE_BYTES);
        }
        LibC.setsockopt(descriptor, Kernel.SOL_SOCKET, Kernel.SO_SNDBUF, 2 * SEND_CAPACITY);
        int bound = bind(descriptor, groups);
        if (bound < 0) {
            LibC.close(descriptor);
            throw NetlinkException.refused("bind a netlink socket", -bound);
        }
        return new NetlinkSocket(descriptor);
    }

    /// Lets the kernel choose the port number.
    private static int bind(int descriptor, int groups) {
        try (Arena arena = Arena.ofConfined()) {
            var address = arena.allocate(SOCKADDR_NL, Integer.BYTES);
            address.set(JAVA_SHORT, 0, (short) Kernel.AF_NETLINK);
            address.set(JAVA_INT, NL_GROUPS_OFFSET, groups);
            return LibC.bind(descriptor, address);
        }
    }

    /// How many requests may be sent at once without their answers overflowing the queue.
    int answersQueued() {
        return answersQueued;
    }

    /// Empty, to be filled from the start and handed to [#send].
    ByteBuffer sendBuffer() {
        return sendBuffer.clear();
    }

    /// Sends what was put into [#sendBuffer] as one datagram; the kernel carries the requests out before it returns.
    ///
    /// @return 0, or errno
    int send() {
        long result = LibC.send(descriptor, sendSegment, sendBuffer.position(), 0);
        return result < 0 ? (int) -result : 0;
    }

    /// Waits for the next datagram from the kernel.
    Arrival receive(long timeoutNanos) {
        long deadline = System.nanoTime() + timeoutNanos;
        while (true) {
            senderLength.set(JAVA_INT, 0, SOCKADDR_NL);
            long length = LibC.recvfrom(
                    descriptor, receiveSegment, Kernel.MSG_DONTWAIT | Kernel.MSG_TRUNC, sender, senderLength);
            if (length == -Kernel.EAGAIN) {
                var interrupted = await(deadline - System.nanoTime());
                if (interrupted != Arrival.RECEIVED) {
                    return interrupted;
                }
            } else if (length == -Kernel.ENOBUFS) {
                return Arrival.OVERFLOWED;
            } else if (length < 0) {
                return broken(Errno.explain((int) -length));
            } else if (length == 0) {
                return broken("it was closed at the other end");
            } else if (isFromKernel()) {
                return accept(length);
            }
        }
    }

    /// What [#receive] received; valid until the next call.
    ByteBuffer received() {
        return received;
    }

    private Arrival broken(String reason) {
        whyBroken = reason;
        return Arrival.BROKEN;
    }

    /// Whether [#receive] has said so; then it is of no more use.
    boolean isBroken() {
        return !whyBroken.isEmpty();
    }

    String whyBroken() {
        return whyBroken;
    }

    private Arrival accept(long length) {
        if (length > receiveSegment.byteSize()) {
            grow(length);
            return Arrival.TRUNCATED;
        }
        received = receiveSegment.asSlice(0, length).asByteBuffer().order(ByteOrder.nativeOrder());
        return Arrival.RECEIVED;
    }

    @SuppressWarnings("MustBeClosedChecker") // close() does
    private void grow(long length) {
        if (length > RECEIVE_LIMIT) {
            throw NetlinkException.failed("receive from the kernel", "a datagram of " + length + " bytes", null);
        }
        received = ByteBuffer.allocate(0);
        receiveArena.close();
        receiveArena = Arena.ofConfined();
        receiveSegment = receiveArena.allocate(Long.highestOneBit(length) * 2, Integer.BYTES);
    }

    /// Any process may send to our port number; only the kernel's is 0. The socket pairs of tests have no numbers.
    private boolean isFromKernel() {
        return senderLength.get(JAVA_INT, 0) < SOCKADDR_NL || sender.get(JAVA_INT, NL_PID_OFFSET) == 0;
    }

    private Arrival await(long nanos) {
        if (nanos <= 0) {
            return Arrival.TIMED_OUT;
        }
        int result = LibC.poll(polled, 2, (int) TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
        if (result < 0 && result != -Kernel.EINTR) {
            return broken(Errno.explain(-result));
        }
        return result > 0 && polled.get(JAVA_SHORT, POLLFD + REVENTS_OFFSET) != 0 ? Arrival.WOKEN : Arrival.RECEIVED;
    }

    private void pollfd(int position, int watched) {
        polled.set(JAVA_INT, (long) position * POLLFD, watched);
        polled.set(JAVA_SHORT, (long) position * POLLFD + Integer.BYTES, Kernel.POLLIN);
    }

    /// Ends the wait in [#receive], now or the next time; from any thread, but not after [#close].
    void wake() {
        LibC.eventfdWrite(wakeup, 1);
    }

    @Override
    public void close() {
        LibC.close(descriptor);
        LibC.close(wakeup);
        receiveArena.close();
        arena.close();
    }
}
