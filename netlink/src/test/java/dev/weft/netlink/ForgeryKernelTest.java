package dev.weft.netlink;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A process that may send to our netlink port is not the kernel.
@Tag("kernel")
@DisplayNameGeneration(ReplaceUnderscores.class)
class ForgeryKernelTest {
    @RegisterExtension
    private final TestNamespaces namespaces = new TestNamespaces();

    @Test
    void what_another_process_sends_is_not_taken_for_an_answer() throws Throwable {
        try (var here = namespaces.create()) {
            here.call(() -> {
                forgeAndReceive();
                return true;
            });
        }
    }

    private static void forgeAndReceive() throws Throwable {
        int victim = LibC.socket(Kernel.AF_NETLINK, Kernel.SOCK_RAW, Kernel.NETLINK_ROUTE);
        int forger = LibC.socket(Kernel.AF_NETLINK, Kernel.SOCK_RAW, Kernel.NETLINK_ROUTE);
        try (var arena = Arena.ofConfined();
                var socket = new NetlinkSocket(victim)) {
            var address = arena.allocate(12);
            address.set(JAVA_SHORT, 0, (short) Kernel.AF_NETLINK);
            assertThat(LibC.bind(victim, address)).isZero();
            address.set(JAVA_INT, 4, portOf(victim));
            assertThat(sendTo(forger, arena.allocate(36), address)).isEqualTo(36);
            assertThat(pending(victim)).as("the forged datagram arrived").isEqualTo(36);
            assertThat(socket.receive(TimeUnit.MILLISECONDS.toNanos(50))).isEqualTo(NetlinkSocket.Arrival.TIMED_OUT);

            var query = new MessageWriter();
            LinkMessage.encodeQuery(query);
            sendTo(forger, arena.allocate(36), address);
            var found = new Conversation(socket, TimeUnit.SECONDS.toNanos(10), NetlinkSocket::open)
                    .dump("list links", Kernel.RTM_GETLINK, query, Link::decode);
            assertThat(found).extracting(Link::name).containsExactly("lo");
        } finally {
            LibC.close(forger);
        }
    }

    /// Length of the datagram that waits first.
    private static long pending(int socket) {
        int peek = 2; // MSG_PEEK, bits/socket.h
        try (var arena = Arena.ofConfined()) {
            return LibC.recvfrom(
                    socket,
                    arena.allocate(64),
                    peek | Kernel.MSG_DONTWAIT,
                    arena.allocate(12),
                    arena.allocateFrom(JAVA_INT, 12));
        }
    }

    private static long sendTo(int socket, MemorySegment bytes, MemorySegment address) throws Throwable {
        var linker = Linker.nativeLinker();
        var call = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("sendto"),
                FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
        return (long) call.invokeExact(
                (long) socket, bytes.address(), bytes.byteSize(), 0L, address.address(), address.byteSize());
    }

    private static int portOf(int socket) throws Exception {
        String inode = Files.readSymbolicLink(Path.of("/proc/self/fd/" + socket))
                .toString()
                .replaceAll("[^0-9]", "");
        return Files.readAllLines(Path.of("/proc/thread-self/net/netlink")).stream()
                .map(line -> line.strip().split("\\s+"))
                .filter(columns -> columns[columns.length - 1].equals(inode))
                .map(columns -> (int) Long.parseLong(columns[2]))
                .findFirst()
                .orElseThrow();
    }
}
