package dev.weft.netlink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class UnixDatagramTest {
    @TempDir
    private Path folder;

    /// A socket that is bound to an address.
    private record Receiver(int socket) implements AutoCloseable {
        static Receiver at(String address) {
            try (Arena arena = Arena.ofConfined()) {
                int socket = LibC.socket(Kernel.AF_UNIX, Kernel.SOCK_DGRAM | Kernel.SOCK_CLOEXEC, 0);
                assertThat(LibC.bind(socket, UnixDatagram.sockaddr(address, "", arena)))
                        .isZero();
                return new Receiver(socket);
            }
        }

        String next() {
            try (Arena arena = Arena.ofConfined()) {
                var bytes = arena.allocate(100);
                long length = LibC.recvfrom(socket, bytes, 0, MemorySegment.NULL, MemorySegment.NULL);
                return new String(bytes.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), UTF_8);
            }
        }

        @Override
        public void close() {
            LibC.close(socket);
        }
    }

    @Test
    void datagrams_reach_a_socket_by_its_path_each_for_itself() {
        var address = folder.resolve("notify").toString();
        try (var receiver = Receiver.at(address)) {
            UnixDatagram.send(address, "READY=1\nSTATUS=good".getBytes(UTF_8));
            UnixDatagram.send(address, "STOPPING=1".getBytes(UTF_8));
            assertThat(receiver.next()).isEqualTo("READY=1\nSTATUS=good");
            assertThat(receiver.next()).isEqualTo("STOPPING=1");
        }
    }

    @Test
    void datagrams_reach_a_socket_in_the_abstract_namespace() {
        var address = "@weft-test-" + ProcessHandle.current().pid();
        try (var receiver = Receiver.at(address)) {
            UnixDatagram.send(address, "WATCHDOG=1".getBytes(UTF_8));
            assertThat(receiver.next()).isEqualTo("WATCHDOG=1");
        }
    }

    @Test
    void what_cannot_be_sent_is_told_in_a_sentence() {
        var nowhere = folder.resolve("nowhere").toString();
        assertThatThrownBy(() -> UnixDatagram.send(nowhere, new byte[1]))
                .isInstanceOf(NetlinkException.class)
                .hasMessage("cannot send a datagram to " + nowhere + ": No such file or directory (ENOENT)");
        assertThatThrownBy(() -> UnixDatagram.send("/" + "x".repeat(107), new byte[1]))
                .hasMessageEndingWith(": File name too long (ENAMETOOLONG)");
        assertThatThrownBy(() -> UnixDatagram.send("@", new byte[1]))
                .hasMessageEndingWith(": Invalid argument (EINVAL)");
    }
}
