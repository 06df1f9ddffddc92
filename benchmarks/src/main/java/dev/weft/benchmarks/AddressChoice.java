package dev.weft.benchmarks;

import dev.weft.inet.Subnet;
import dev.weft.ipam.AddressPool;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/// What choosing an address costs in pools of different sizes: the core of the IPAM driver alone, in memory.
final class AddressChoice {
    private static final int ROUNDS = 9;
    private static final int CHOICES = 500_000;

    private AddressChoice() {}

    /// Prints millions of choices per second in pools that are nine tenths full; each choice is followed by the release
    /// of the address that was given the longest ago.
    static void measure() {
        System.out.println("| pool | addresses | million choices per second |");
        System.out.println("|---|---|---|");
        for (var subnet : new String[] {"10.0.0.0/22", "10.0.0.0/16", "10.0.0.0/12", "fd00::/64"}) {
            measure(Subnet.parse(subnet));
        }
        System.out.println();
    }

    private static void measure(Subnet subnet) {
        var pool = new AddressPool(subnet, subnet);
        var given = new long[(int) Math.min(1_000_000, pool.choices() / 10 * 9)];
        for (int i = 0; i < given.length; i++) {
            given[i] = lastBytes(pool.choose().orElseThrow());
        }
        int oldest = 0;
        var rates = new Series(subnet.toString());
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < CHOICES; i++) {
                long chosen = lastBytes(pool.choose().orElseThrow());
                pool.release(address(subnet, given[oldest]));
                given[oldest] = chosen;
                oldest = (oldest + 1) % given.length;
            }
            if (round >= ROUNDS / 3) { // before, the JVM still compiles
                rates.add(CHOICES * 1e3 / (System.nanoTime() - start));
            }
        }
        System.out.printf("| %s | %d | %.1f |%n", subnet, pool.choices(), rates.median());
    }

    /// All that its addresses differ in: objects for each of a million would not fit into the agent's memory.
    private static long lastBytes(InetAddress address) {
        var bytes = ByteBuffer.wrap(address.getAddress());
        return bytes.capacity() == Integer.BYTES ? bytes.getInt() : bytes.getLong(Long.BYTES);
    }

    private static InetAddress address(Subnet subnet, long lastBytes) {
        var bytes = ByteBuffer.wrap(subnet.address().getAddress());
        if (subnet.isIpv4()) {
            bytes.putInt((int) lastBytes);
        } else {
            bytes.putLong(Long.BYTES, lastBytes);
        }
        try {
            return InetAddress.getByAddress(bytes.array());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
