package dev.weft.agent.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weft.agent.upkeep.Collector;
import dev.weft.drivers.AddressClaims;
import dev.weft.drivers.WeftDriver;
import dev.weft.drivers.neighbors.Neighbors;
import dev.weft.drivers.plan.Fabric;
import dev.weft.drivers.plan.NetlinkKernel;
import dev.weft.ipam.OwnBlocks;
import dev.weft.ipam.PoolRange;
import dev.weft.ipam.WeftIpam;
import dev.weft.json.Json;
import dev.weft.netlink.Netlink;
import dev.weft.netlink.NetworkNamespace;
import dev.weft.plugin.IpamDriver;
import dev.weft.plugin.NetworkDriver;
import dev.weft.plugin.Plugin;
import dev.weft.plugin.server.PluginOptions;
import dev.weft.plugin.server.PluginServer;
import dev.weft.plugin.server.PluginSocket;
import dev.weft.state.Change;
import dev.weft.state.Registry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/// An agent in a process of its own, to be killed at its [Points]: the real parts, with a point between any two changes
/// that they make. What the agent does by itself, it does here when it is told, a line each; its answers are JSON.
public final class Victim {
    /// The collector takes an address back that it has found unused twice.
    private static final int LOOKS = 2;

    private static final PrintStream OUT = new PrintStream(System.out, true, UTF_8);
    private static final Points POINTS = new Points(OUT);

    private final Registry registry;
    private final TracedKernel kernel;
    private final WeftDriver driver;
    private final Collector collector;

    private Victim(Path folder) throws IOException {
        var hostNamespace = NetworkNamespace.current();
        var host = Netlink.open(hostNamespace);
        var fabricNamespace = Fabric.open(Host.FABRIC).namespace();
        var fabric = Netlink.open(fabricNamespace);
        registry = Registry.open(folder.resolve("state"));
        registry.watch(changes -> POINTS.reach(recorded(changes)));
        kernel = new TracedKernel(
                new NetlinkKernel(hostNamespace, host, fabricNamespace, fabric),
                POINTS,
                () -> fabric.delete(Integer.MAX_VALUE));
        driver = new WeftDriver(
                registry,
                kernel,
                WeftDriver.modes(host, registry),
                Neighbors.NONE,
                AddressClaims.NONE,
                new SplittableRandom(),
                InstantSource.system());
        var ipam = new WeftIpam(
                registry,
                List.of(PoolRange.parse("10.99.128.0/17 by /24"), PoolRange.parse("fd57:99::/48 by /64")),
                List.of(),
                List::of,
                OwnBlocks.NONE,
                network -> false);
        collector = new Collector(registry, driver, ipam, Belief.WEFT, Duration.ZERO, System::nanoTime);
        PluginServer.start(
                new PluginSocket.Unix(folder.resolve(Host.SOCKET)),
                Plugin.of(traced(NetworkDriver.class, driver), traced(IpamDriver.class, ipam)),
                PluginOptions.DEFAULT);
    }

    public static void main(String[] arguments) throws IOException {
        var victim = new Victim(Path.of(arguments[0]));
        OUT.println("ready");
        var lines = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            OUT.println(Json.write(victim.answerOrFailure(line)));
        }
        Runtime.getRuntime().halt(0); // who gave the commands is gone
    }

    /// Called by what [BetweenMessages] has changed, before changes are sent to the kernel.
    public static void beforeMessage() {
        POINTS.message();
    }

    private static String recorded(List<Change> changes) {
        return changes.stream()
                .map(change -> switch (change) {
                    case Change.Put(var record) -> "put " + record.getClass().getSimpleName();
                    case Change.Remove(var record) ->
                        "remove " + record.getClass().getSimpleName();
                })
                .collect(Collectors.joining(", ", "recorded ", ""));
    }

    /// With a point when a call has come, and one when what it asked for is done.
    private <T> T traced(Class<T> type, T target) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (_, call, arguments) -> {
            POINTS.received(call.getName());
            try {
                return call.invoke(target, arguments);
            } catch (InvocationTargetException refused) {
                throw refused.getCause();
            } finally {
                POINTS.done();
            }
        }));
    }

    private List<String> answerOrFailure(String line) {
        try {
            return answer(line);
        } catch (RuntimeException failure) {
            failure.printStackTrace();
            return List.of(failure.toString());
        }
    }

    private List<String> answer(String line) {
        var words = line.split(" ", 2);
        var rest = words.length == 1 ? "" : words[1];
        switch (words[0]) {
            case "begin" -> POINTS.begin(Integer.parseInt(rest));
            case "end" -> {
                return POINTS.end();
            }
            case "refuse" -> {
                var parts = rest.split(" ", 2);
                kernel.refuse(parts[1], Integer.parseInt(parts[0]));
            }
            case "point" -> POINTS.reach(rest);
            case "reconcile" -> {
                return reconcile();
            }
            case "collect" -> {
                return collect(Belief.parse(rest));
            }
            case "missing" -> {
                return new Audit(registry, Belief.parse(rest)).nothingMissing();
            }
            case "audit" -> {
                return new Audit(registry, Belief.parse(rest)).nothingElse();
            }
            default -> throw new IllegalArgumentException(line);
        }
        return List.of();
    }

    private List<String> reconcile() {
        POINTS.received("reconcile");
        var outcome = driver.reconcile();
        POINTS.done();
        var problems = new ArrayList<>(outcome.problems());
        outcome.strangers().forEach(alias -> problems.add("not on record: links of " + alias));
        return problems;
    }

    private List<String> collect(Belief belief) {
        POINTS.received("collect");
        var doubts = new ArrayList<String>();
        for (int look = 0; look < LOOKS; look++) {
            doubts.addAll(collector.collect(collector.candidates(Set.of()), belief.view()));
        }
        POINTS.done();
        return doubts;
    }
}
