package dev.weft.agent.service;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// What a service manager listens on: a datagram socket, which the JDK does not have.
@SuppressWarnings("restricted")
final class NotifySocket implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SHUT_RD = 0;

    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final int socket;
    private final Thread listener;

    NotifySocket(Path path) {
        try (Arena arena = Arena.ofConfined()) {
            var bytes = path.toString().getBytes(UTF_8);
            var address = arena.allocate(2 + bytes.length + 1, Short.BYTES);
            address.set(JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(bytes, 0, address, JAVA_BYTE, 2, bytes.length);
            socket = (int)
                    function("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT).invokeExact(AF_UNIX, SOCK_DGRAM, 0);
            int bound = (int) function("bind", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT)
                    .invokeExact(socket, address, (int) address.byteSize());
            assertThat(bound).isZero();
        } catch (Throwable failure) {
            throw new AssertionError(failure);
        }
        listener = Thread.ofPlatform().daemon().start(this::listen);
    }

    private static MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
        var linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments));
    }

    private void listen() {
        var receive = function("recv", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
        try (Arena arena = Arena.ofConfined()) {
            var bytes = arena.allocate(1000);
            while (true) {
                long length = (long) receive.invokeExact(socket, bytes, bytes.byteSize(), 0);
                if (length <= 0) {
                    return;
                }
                received.add(new String(bytes.asSlice(0, length).toArray(JAVA_BYTE), UTF_8));
            }
        } catch (Throwable failure) {
            throw new AssertionError(failure);
        }
    }

    /// The next datagram.
    String next() throws InterruptedException {
        var datagram = received.poll(1, TimeUnit.MINUTES);
        assertThat(datagram).as("a datagram").isNotNull();
        return datagram;
    }

    /// Datagrams that are there and were not taken.
    int waiting() {
        return received.size();
    }

    @Override
    public void close() {
        try {
            int ended = (int) function("shutdown", JAVA_INT, JAVA_INT, JAVA_INT).invokeExact(socket, SHUT_RD);
            assertThat(ended).isZero();
            listener.join();
            int closed = (int) function("close", JAVA_INT, JAVA_INT).invokeExact(socket);
            assertThat(closed).isZero();
        } catch (Throwable failure) {
            throw new AssertionError(failure);
        }
    }
}
