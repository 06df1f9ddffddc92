package dev.weft.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import org.jspecify.annotations.Nullable;

/// A socket on which clients are accepted, and what is to be done about it at the end.
sealed interface Listener permits SocketFile, Listener.Bare, Listener.Inherited {
    /// Clients that the kernel lets wait until they are accepted; it takes the smaller of this and somaxconn.
    int BACKLOG = 1024;

    ServerSocketChannel channel();

    /// Lets no more clients find it. Those that the kernel has let in and nobody has accepted yet would lose a request
    /// that they have sent already when it is closed.
    ///
    /// @return whether they are to be accepted before; if not, they wait for the next process
    boolean withdraw() throws IOException;

    void close() throws IOException;

    /// A socket without a file.
    record Bare(ServerSocketChannel channel) implements Listener {
        @Override
        public boolean withdraw() {
            return true;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /// A socket that another process holds too, and gives to the next one: who waits there, waits for that.
    record Inherited(ServerSocketChannel channel) implements Listener {
        @Override
        public boolean withdraw() {
            return false;
        }

        /// Stays open until the process ends: with this channel the JDK would also close standard output and standard
        /// error (sun.nio.ch.InheritedChannel), and what goes wrong at the end would be said to nobody.
        @Override
        public void close() {}
    }

    /// @throws IOException whose message says what is in the way
    static Listener tcp(InetSocketAddress address) throws IOException {
        if (address.isUnresolved()) {
            throw new IOException("cannot listen on " + address.getHostString() + ": no such host");
        }
        var channel = ServerSocketChannel.open(
                address.getAddress().getAddress().length == 4
                        ? StandardProtocolFamily.INET
                        : StandardProtocolFamily.INET6);
        try {
            channel.bind(address, BACKLOG);
            return new Bare(channel);
        } catch (IOException failure) {
            channel.close();
            throw new IOException(
                    "cannot listen on " + address.getHostString() + " port " + address.getPort() + ": "
                            + failure.getMessage() + ". Stop what uses it, or take another port.",
                    failure);
        }
    }

    /// @param standardInput what the process was started with, as [System#inheritedChannel] has it
    static Listener inherited(@Nullable Channel standardInput) throws IOException {
        if (standardInput instanceof ServerSocketChannel channel) {
            return new Inherited(channel);
        }
        throw new IOException("cannot serve the inherited socket: standard input is not a listening socket. "
                + "Start with StandardInput=socket in a systemd unit that has one socket, or name a socket's path.");
    }
}
