package dev.weft.netlink;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/// The other end of a connection's socket, for answers that the real kernel does not give on demand.
final class ScriptedKernel implements AutoCloseable {
    // bits/socket.h, bits/socket_type.h
    private static final int AF_UNIX = 1;
    private static final int SOCK_SEQPACKET = 5;

    private static final int PATIENCE_MILLISECONDS = 30_000;

    private final int announcer;
    private final int spare;
    private int ours;
    private volatile int theirs;
    private volatile boolean refusing;
    private final Connection connection;

    /// @param silence as of [Connection]
    ScriptedKernel(Duration silence) {
        makePair();
        int[] announcements = socketPair();
        announcer = announcements[0];
        connection = new Connection(
                "a script",
                silence,
                () -> {},
                groups -> groups == 0 ? socket() : new NetlinkSocket(LibC.duplicate(announcements[1])));
        spare = announcements[1];
    }

    private NetlinkSocket socket() {
        if (refusing) {
            throw NetlinkException.refused("open a netlink socket", 24); // EMFILE, asm-generic/errno-base.h
        }
        return new NetlinkSocket(theirs);
    }

    /// Whether the connection can open no further socket.
    void refuseSockets(boolean on) {
        refusing = on;
    }

    Netlink netlink() {
        return new Netlink(connection);
    }

    Connection connection() {
        return connection;
    }

    /// Closes this end; the connection's next socket leads to a new one, so before it is opened.
    void hangUp() {
        LibC.close(ours);
        makePair();
    }

    private void makePair() {
        int[] pair = socketPair();
        ours = pair[0];
        theirs = pair[1];
    }

    private static int[] socketPair() {
        try (var arena = Arena.ofConfined()) {
            var linker = Linker.nativeLinker();
            var shape = FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
            var call = linker.downcallHandle(linker.defaultLookup().findOrThrow("socketpair"), shape);
            var pair = arena.allocate(JAVA_INT, 2);
            int result = (int) (long) call.invokeExact((long) AF_UNIX, (long) SOCK_SEQPACKET, 0L, pair.address());
            if (result != 0) {
                throw new AssertionError("socketpair failed");
            }
            return new int[] {pair.getAtIndex(JAVA_INT, 0), pair.getAtIndex(JAVA_INT, 1)};
        } catch (Throwable failure) {
            throw new AssertionError(failure);
        }
    }

    /// The next datagram that the connection sends; waits for it, but not for ever.
    ByteBuffer receive() {
        try (var arena = Arena.ofConfined()) {
            var polled = arena.allocate(8, Integer.BYTES); // struct pollfd, poll.h
            polled.set(JAVA_INT, 0, ours);
            polled.set(JAVA_SHORT, 4, Kernel.POLLIN);
            if (LibC.poll(polled, 1, PATIENCE_MILLISECONDS) != 1) {
                throw new AssertionError("the connection sends nothing");
            }
            var buffer = arena.allocate(1 << 17);
            long length = LibC.recvfrom(ours, buffer, 0, arena.allocate(16), arena.allocateFrom(JAVA_INT, 0));
            if (length < 0) {
                throw new AssertionError("recvfrom: " + Errno.explain((int) -length));
            }
            byte[] bytes = new byte[(int) length];
            buffer.asByteBuffer().get(bytes);
            return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        }
    }

    /// Waits for a request and returns its sequence number.
    int sequenceOfNext() {
        return receive().getInt(8);
    }

    /// Sends messages as one datagram.
    void send(byte[]... messages) {
        send(ours, messages);
    }

    /// Tells of a change that nobody asked about.
    void announce(byte[] message) {
        send(announcer, message);
    }

    private static void send(int socket, byte[]... messages) {
        int length = Arrays.stream(messages).mapToInt(message -> message.length).sum();
        var datagram = ByteBuffer.allocate(length);
        for (byte[] message : messages) {
            datagram.put(message);
        }
        try (var arena = Arena.ofConfined()) {
            var buffer = arena.allocate(length);
            buffer.asByteBuffer().put(datagram.array());
            long sent = LibC.send(socket, buffer, length, 0);
            if (sent != length) {
                throw new AssertionError("send: " + Errno.explain((int) -sent));
            }
        }
    }

    static byte[] message(int type, int flags, int sequence, byte[] body) {
        return ByteBuffer.allocate((16 + body.length + 3) & ~3)
                .order(ByteOrder.nativeOrder())
                .putInt(16 + body.length)
                .putShort((short) type)
                .putShort((short) flags)
                .putInt(sequence)
                .putInt(0)
                .put(body)
                .array();
    }

    /// NLMSG_ERROR, an acknowledgement with errno 0.
    static byte[] answer(int sequence, int errno) {
        byte[] body = ByteBuffer.allocate(20)
                .order(ByteOrder.nativeOrder())
                .putInt(-errno)
                .array();
        return message(2, 0x100, sequence, body);
    }

    /// NLMSG_DONE.
    static byte[] done(int sequence, int flags, int errno) {
        byte[] body = ByteBuffer.allocate(4)
                .order(ByteOrder.nativeOrder())
                .putInt(-errno)
                .array();
        return message(3, 2 | flags, sequence, body);
    }

    /// RTM_NEWLINK with a name and nothing else, padded to some length with an attribute nobody knows.
    static byte[] link(int sequence, int flags, int index, String name, int padding) {
        byte[] text = Arrays.copyOf(name.getBytes(StandardCharsets.UTF_8), name.length() + 1);
        var body = ByteBuffer.allocate(16 + ((4 + text.length + 3) & ~3) + 4 + padding)
                .order(ByteOrder.nativeOrder());
        body.putInt(4, index).position(16);
        body.putShort((short) (4 + text.length)).putShort((short) 3).put(text);
        body.position((body.position() + 3) & ~3);
        body.putShort((short) (4 + padding)).putShort((short) 999);
        return message(16, flags, sequence, body.array());
    }

    @Override
    public void close() {
        connection.close();
        LibC.close(ours);
        LibC.close(announcer);
        LibC.close(spare);
    }
}
