package dev.weft.netlink;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Datagrams to unix sockets (unix(7)), of which the JDK has stream sockets alone: service managers listen on these.
public final class UnixDatagram {
    // struct sockaddr_un, linux/un.h
    private static final int SUN_PATH_OFFSET = 2;
    private static final int LONGEST_PATH = 107;

    private UnixDatagram() {}

    /// Sends one, from a socket without a name. Waits while the receiver's queue is full.
    ///
    /// @param address path of the receiver's socket, or `@name` if that is in the abstract namespace
    /// @throws NetlinkException if it cannot be sent: nobody listens there, say
    public static void send(String address, byte[] datagram) {
        var doing = "send a datagram to " + address;
        try (Arena arena = Arena.ofConfined()) {
            var receiver = sockaddr(address, doing, arena);
            int socket = LibC.socket(Kernel.AF_UNIX, Kernel.SOCK_DGRAM | Kernel.SOCK_CLOEXEC, 0);
            if (socket < 0) {
                throw NetlinkException.refused(doing, -socket);
            }
            try {
                long sent = LibC.sendto(socket, arena.allocateFrom(JAVA_BYTE, datagram), Kernel.MSG_NOSIGNAL, receiver);
                if (sent < 0) {
                    throw NetlinkException.refused(doing, (int) -sent);
                }
            } finally {
                LibC.close(socket);
            }
        }
    }

    /// A path ends with a zero byte; a name in the abstract namespace begins with one.
    static MemorySegment sockaddr(String address, String doing, Arena arena) {
        boolean isAbstract = address.startsWith("@");
        var path = (isAbstract ? address.substring(1) : address).getBytes(UTF_8);
        if (path.length > LONGEST_PATH || path.length == 0) {
            throw NetlinkException.refused(doing, path.length == 0 ? Kernel.EINVAL : Kernel.ENAMETOOLONG);
        }
        var sockaddr = arena.allocate(SUN_PATH_OFFSET + path.length + 1, Short.BYTES);
        sockaddr.set(JAVA_SHORT, 0, (short) Kernel.AF_UNIX);
        MemorySegment.copy(path, 0, sockaddr, JAVA_BYTE, SUN_PATH_OFFSET + (isAbstract ? 1 : 0), path.length);
        return sockaddr;
    }
}
