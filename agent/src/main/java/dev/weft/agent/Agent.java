package dev.weft.agent;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import dev.weft.drivers.WeftDriver;
import dev.weft.drivers.plan.Fabric;
import dev.weft.drivers.plan.NetlinkKernel;
import dev.weft.drivers.vxlan.VxlanMode;
import dev.weft.inet.Subnet;
import dev.weft.ipam.PoolRange;
import dev.weft.ipam.WeftIpam;
import dev.weft.netlink.LinkMonitor;
import dev.weft.netlink.Netlink;
import dev.weft.netlink.NetlinkException;
import dev.weft.netlink.NetworkNamespace;
import dev.weft.plugin.Plugin;
import dev.weft.plugin.server.PluginOptions;
import dev.weft.plugin.server.PluginServer;
import dev.weft.state.Registry;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// The whole daemon, wired by hand: the socket is served first, everything behind it starts afterwards.
///
/// What goes wrong while it starts does not end it: it stays and answers every call with the reason.
final class Agent implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Agent.class.getName());

    private static final List<PoolRange> LOCAL_POOLS = List.of(
            new PoolRange(Subnet.parse("10.192.0.0/12"), 24), new PoolRange(Subnet.parse("fd77:6566:7400::/48"), 64));
    private static final List<PoolRange> GLOBAL_POOLS = List.of(
            new PoolRange(Subnet.parse("10.208.0.0/12"), 24), new PoolRange(Subnet.parse("fd77:6566:7402::/48"), 64));

    private final Gate gate = new Gate();
    private final CountDownLatch stopped = new CountDownLatch(1);

    /// What is to be closed, last first; it is also the lock of `closing`.
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    private boolean closing;
    private volatile @Nullable PluginServer server;

    private Agent() {}

    /// Returns as soon as the socket is served.
    ///
    /// @throws IOException with a sentence if the socket cannot be served, because another agent does for instance
    static Agent start(AgentOptions options) throws IOException {
        var agent = new Agent();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(agent::close)); // before there is a socket
        agent.server = PluginServer.start(options.socket(), Plugin.of(agent.gate, agent.gate), PluginOptions.DEFAULT);
        LOG.log(INFO, "weft {0} listens on {1}", Version.current(), options.socket());
        Thread.ofPlatform().name("weft-start").start(() -> agent.wire(options));
        return agent;
    }

    void awaitStop() throws InterruptedException {
        stopped.await();
    }

    /// One thing after the other: the first call of an engine shall not have to share the processor with two of them.
    private void wire(AgentOptions options) {
        try {
            var hostNamespace = closing(NetworkNamespace.current());
            var host = closing(Netlink.open(hostNamespace));
            var fabric = closing(Fabric.open(options.fabric()));
            var inFabric = closing(Netlink.open(fabric.namespace()));
            var registry = closing(Registry.open(options.state()));
            var kernel = new NetlinkKernel(hostNamespace, host, inFabric);
            var driver = new WeftDriver(registry, kernel, new VxlanMode(host), new SplittableRandom());
            // Only networks of Weft's are told to it, and those are on record.
            var ipam = new WeftIpam(registry, LOCAL_POOLS, GLOBAL_POOLS, new HostRoutes(host), network -> false);
            gate.open(driver, ipam);
            LOG.log(
                    INFO,
                    "ready: {0} networks recorded in {1}",
                    registry.networks().size(),
                    options.state());
            keepTrue(driver, fabric);
        } catch (Stopping beforeItWasReady) {
            gate.shut("the Weft agent is stopping; try again.");
        } catch (Throwable failure) { // whatever it is, engines must not wait for it
            unable(failure);
        }
    }

    private void keepTrue(WeftDriver driver, Fabric fabric) {
        try {
            var reconciler = closing(Reconciler.start(driver, fabric));
            closing(LinkMonitor.open(fabric.namespace(), reconciler::linksChanged));
        } catch (NetlinkException failure) {
            LOG.log(WARNING, "changes of links are seen every minute only: {0}", failure.getMessage());
        }
    }

    /// The agent was told to stop while it was still starting.
    private static final class Stopping extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private void unable(Throwable failure) {
        var reason = failure instanceof Error ? failure.toString() : String.valueOf(failure.getMessage());
        var sentence = "the Weft agent cannot work: " + reason + (reason.endsWith(".") ? "" : ".")
                + " Then restart the agent.";
        LOG.log(ERROR, sentence, failure);
        gate.shut(sentence);
    }

    private <T extends AutoCloseable> T closing(T resource) {
        synchronized (open) {
            if (!closing) {
                open.push(resource);
                return resource;
            }
        }
        close(resource);
        throw new Stopping();
    }

    /// Lets calls in flight finish; leaves every network as it is.
    @Override
    public void close() {
        if (stopped.getCount() == 0) {
            return;
        }
        var serving = server;
        if (serving != null) {
            serving.close();
        }
        synchronized (open) {
            closing = true;
            while (!open.isEmpty()) {
                close(open.pop());
            }
        }
        LOG.log(INFO, "stopped; networks and containers stay as they are");
        stopped.countDown();
    }

    private static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception failure) {
            LOG.log(ERROR, "cannot close {0}: {1}", resource, failure.getMessage());
        }
    }
}
