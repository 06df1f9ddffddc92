package dev.weft.system;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/// Says the same to everyone who connects to a unix socket, whatever is asked.
final class Babbler implements AutoCloseable {
    private final ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    private final byte[] first;
    private final byte[] forever;
    private final AtomicLong said = new AtomicLong();
    private final Thread acceptor = Thread.ofVirtual().unstarted(this::accept);

    /// @param forever said again and again; empty: then it closes
    Babbler(Path path, byte[] first, byte[] forever) throws IOException {
        this.first = first.clone();
        this.forever = forever.clone();
        socket.bind(UnixDomainSocketAddress.of(path));
        acceptor.start();
    }

    /// Bytes, to all who have listened.
    long said() {
        return said.get();
    }

    private void accept() {
        try {
            while (true) {
                var listener = socket.accept();
                Thread.ofVirtual().start(() -> talk(listener));
            }
        } catch (IOException closed) {
            // It is over.
        }
    }

    private void talk(SocketChannel listener) {
        try (listener) {
            say(listener, first);
            while (forever.length > 0) {
                say(listener, forever);
            }
        } catch (IOException gone) {
            // That one has heard enough.
        }
    }

    private void say(SocketChannel listener, byte[] words) throws IOException {
        for (var rest = ByteBuffer.wrap(words); rest.hasRemaining(); ) {
            said.addAndGet(listener.write(rest));
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
