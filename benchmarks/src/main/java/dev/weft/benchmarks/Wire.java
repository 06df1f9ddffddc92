package dev.weft.benchmarks;

import dev.weft.netlink.NetworkNamespace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/// A TCP connection from one network namespace to another, with both ends in this JVM: nothing needs to run in either.
/// For one thread.
final class Wire implements AutoCloseable {
    /// What iperf3 writes at once.
    private static final int BLOCK = 128 << 10;

    private final SocketChannel near;
    private final SocketChannel far;

    private Wire(SocketChannel near, SocketChannel far) {
        this.near = near;
        this.far = far;
    }

    /// @param address an IPv4 address of the namespace `to`
    static Wire connect(NetworkNamespace from, NetworkNamespace to, InetAddress address) throws IOException {
        try (var listener = to.call(() -> listen(address))) {
            var near = from.call(() -> SocketChannel.open(listener.getLocalAddress()));
            var far = listener.accept();
            near.setOption(StandardSocketOptions.TCP_NODELAY, true);
            far.setOption(StandardSocketOptions.TCP_NODELAY, true);
            return new Wire(near, far);
        }
    }

    private static ServerSocketChannel listen(InetAddress address) throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.INET).bind(new InetSocketAddress(address, 0));
    }

    /// Sends as much as goes through.
    ///
    /// @return Gbit/s of payload, as it arrived
    double throughput(Duration time) throws IOException {
        var sender = Thread.ofPlatform().start(() -> fill(near));
        try {
            var block = ByteBuffer.allocateDirect(BLOCK);
            long start = System.nanoTime();
            long end = start + time.toNanos();
            long bytes = 0;
            long now;
            do {
                block.clear();
                bytes += far.read(block);
                now = System.nanoTime();
            } while (now < end);
            return bytes * 8.0 / (now - start);
        } finally {
            far.close();
            join(sender);
        }
    }

    /// Until the other end is closed.
    private static void fill(SocketChannel channel) {
        var block = ByteBuffer.allocateDirect(BLOCK);
        try {
            while (true) {
                block.clear();
                channel.write(block);
            }
        } catch (IOException closed) {
            // as it shall end
        }
    }

    /// Sends a byte and waits for its return, again and again.
    ///
    /// @return microseconds of each
    Series roundTrips(int count) throws IOException {
        var echo = Thread.ofPlatform().start(() -> echo(far));
        try {
            var all = new Series("round trips");
            var message = ByteBuffer.allocateDirect(1);
            for (int i = 0; i < count; i++) {
                long start = System.nanoTime();
                message.clear();
                near.write(message);
                message.clear();
                if (near.read(message) < 0) {
                    throw new ClosedChannelException();
                }
                all.add((System.nanoTime() - start) / 1e3);
            }
            return all;
        } finally {
            near.close();
            join(echo);
        }
    }

    private static void echo(SocketChannel channel) {
        var message = ByteBuffer.allocateDirect(1);
        try {
            while (channel.read(message.clear()) > 0) {
                channel.write(message.flip());
            }
        } catch (IOException closed) {
            // as it shall end
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        near.close();
        far.close();
    }
}
