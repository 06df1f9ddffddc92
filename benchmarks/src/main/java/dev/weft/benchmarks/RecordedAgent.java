package dev.weft.benchmarks;

import dev.weft.drivers.AddressClaims;
import dev.weft.drivers.WeftDriver;
import dev.weft.drivers.neighbors.Neighbors;
import dev.weft.drivers.plan.RecordingKernel;
import dev.weft.inet.Subnet;
import dev.weft.ipam.OwnBlocks;
import dev.weft.ipam.PoolRange;
import dev.weft.ipam.WeftIpam;
import dev.weft.netlink.Netlink;
import dev.weft.netlink.NetworkNamespace;
import dev.weft.plugin.Plugin;
import dev.weft.plugin.server.PluginOptions;
import dev.weft.plugin.server.PluginServer;
import dev.weft.plugin.server.PluginSocket;
import dev.weft.state.Registry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;

/// The agent's drivers and state, on a kernel that only remembers: what everything but the kernel costs. A program of
/// its own; prints `ready`, and at each line of its input what a comparison takes, in milliseconds.
final class RecordedAgent {
    private static final List<PoolRange> RANGES = List.of(new PoolRange(Subnet.parse("10.128.0.0/9"), 24));

    private RecordedAgent() {}

    /// @param arguments socket, state folder
    public static void main(String[] arguments) throws IOException {
        try (var namespace = NetworkNamespace.current();
                var host = Netlink.open(namespace);
                var registry = Registry.open(Path.of(arguments[1]))) {
            var driver = new WeftDriver(
                    registry,
                    new RecordingKernel(),
                    WeftDriver.modes(host, registry),
                    Neighbors.NONE,
                    AddressClaims.NONE,
                    new SplittableRandom(),
                    InstantSource.system());
            var ipam = new WeftIpam(registry, RANGES, RANGES, List::of, OwnBlocks.NONE, network -> false);
            var server = PluginServer.start(
                    new PluginSocket.Unix(Path.of(arguments[0])), Plugin.of(driver, ipam), PluginOptions.DEFAULT);
            try (server) {
                System.out.println("ready");
                compareOnEachLine(driver);
            }
        }
    }

    private static void compareOnEachLine(WeftDriver driver) throws IOException {
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (input.readLine() != null) {
            long start = System.nanoTime();
            driver.reconcile();
            System.out.println((System.nanoTime() - start) / 1_000_000);
        }
    }
}
