package dev.weft.agent;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import dev.weft.agent.admin.AdminServer;
import dev.weft.agent.admin.AgentProcess;
import dev.weft.agent.config.Configuration;
import dev.weft.agent.config.Outcome;
import dev.weft.agent.config.Scope;
import dev.weft.agent.doctor.Patient;
import dev.weft.agent.member.ClusterMember;
import dev.weft.agent.member.OwnAddresses;
import dev.weft.agent.service.SelfCall;
import dev.weft.agent.service.Service;
import dev.weft.agent.upkeep.Collector;
import dev.weft.agent.upkeep.EngineNetworks;
import dev.weft.agent.upkeep.Reconciler;
import dev.weft.agent.upkeep.Upkeep;
import dev.weft.drivers.AddressClaims;
import dev.weft.drivers.Forwarder;
import dev.weft.drivers.WeftDriver;
import dev.weft.drivers.neighbors.LanNeighbors;
import dev.weft.drivers.plan.Fabric;
import dev.weft.drivers.plan.NetlinkKernel;
import dev.weft.engine.EngineApi;
import dev.weft.ipam.OwnBlocks;
import dev.weft.ipam.WeftIpam;
import dev.weft.netlink.ChangeMonitor;
import dev.weft.netlink.ChangeMonitor.Subject;
import dev.weft.netlink.Netlink;
import dev.weft.netlink.NetlinkException;
import dev.weft.netlink.NetworkNamespace;
import dev.weft.plugin.Capabilities;
import dev.weft.plugin.Plugin;
import dev.weft.plugin.server.PluginOptions;
import dev.weft.plugin.server.PluginServer;
import dev.weft.plugin.server.PluginSocket;
import dev.weft.state.Registry;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// The whole daemon, wired by hand: the socket is served first, everything behind it starts afterwards.
///
/// What goes wrong while it starts does not end it: it stays and answers every call with the reason.
final class Agent implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Agent.class.getName());

    /// What engines call this plugin: its socket's name.
    private static final String PLUGIN = "weft";

    /// What steps make or change in the fabric; addresses and routes it has none.
    private static final Set<Subject> IN_FABRIC = Set.of(Subject.LINKS, Subject.FDB, Subject.TRAFFIC_CONTROL);

    /// Ends of pairs stand there, with the addresses by which the host is in a network.
    private static final Set<Subject> IN_HOST = Set.of(Subject.LINKS, Subject.ADDRESSES);

    private final Gate gate;
    private final CountDownLatch stopped = new CountDownLatch(1);

    /// What is to be closed, last first; it is also the lock of `closing`.
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    private boolean closing;
    private volatile @Nullable PluginServer server;
    private volatile @Nullable AdminServer admin;
    private volatile @Nullable Service service;

    private Agent(Scope scope) {
        var capabilities = scope == Scope.GLOBAL ? Capabilities.GLOBAL : Capabilities.LOCAL;
        gate = new Gate(capabilities.withGatewayAllocCheck());
    }

    /// Returns as soon as the socket is served.
    ///
    /// @throws IOException with a sentence if the socket cannot be served, because another agent does for instance
    static Agent start(Outcome told) throws IOException {
        var options = told.configuration();
        var agent = new Agent(options.scope());
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(agent::close)); // before there is a socket
        agent.server = serve(options, agent.gate);
        agent.service = Service.start(System.getenv(), selfCall(options));
        agent.admin = administer(options);
        switch (told) {
            case Outcome.Valid _ -> Thread.ofPlatform().name("weft-start").start(() -> agent.wire(options));
            case Outcome.Wrong wrong -> agent.refuse(wrong);
        }
        return agent;
    }

    /// A listening socket that the agent was started with as standard input goes before the one that was named: who
    /// holds it, systemd (`StandardInput=socket`) for instance, lets calls wait while no agent runs.
    private static PluginServer serve(Configuration options, Gate gate) throws IOException {
        boolean inherited = System.inheritedChannel() instanceof ServerSocketChannel;
        var socket = inherited ? new PluginSocket.Inherited() : new PluginSocket.Unix(options.socket());
        var server = PluginServer.start(
                socket,
                Plugin.of(gate, gate),
                PluginOptions.DEFAULT.withStopGrace(PluginOptions.DEFAULT.callDeadline()));
        Object where = inherited ? "the socket that it was started with" : options.socket();
        LOG.log(INFO, "weft {0} listens on {1}", Version.current(), where);
        return server;
    }

    private static SelfCall selfCall(Configuration options) throws IOException {
        return System.inheritedChannel() instanceof ServerSocketChannel inherited
                ? SelfCall.on(inherited)
                : SelfCall.on(options.socket());
    }

    /// Of the sockets that are the agent's own.
    private static List<Path> files(Configuration options) throws IOException {
        return System.inheritedChannel() instanceof ServerSocketChannel
                ? List.of(options.adminSocket())
                : List.of(options.socket(), options.adminSocket());
    }

    /// Engines are served also without it.
    private static @Nullable AdminServer administer(Configuration options) {
        try {
            boolean inherited = System.inheritedChannel() instanceof ServerSocketChannel;
            return AdminServer.start(new AgentProcess(Version.current(), Instant.now(), inherited, options));
        } catch (IOException failure) {
            LOG.log(WARNING, "the commands of weft do not find this agent: {0}", failure.getMessage());
            return null;
        }
    }

    void awaitStop() throws InterruptedException {
        stopped.await();
    }

    /// One thing after the other: the first call of an engine shall not have to share the processor with two of them.
    private void wire(Configuration options) {
        try {
            var hostNamespace = closing(NetworkNamespace.current());
            var host = closing(Netlink.open(hostNamespace));
            var fabric = closing(Fabric.open(options.fabric()));
            var inFabric = closing(Netlink.open(fabric.namespace()));
            var registry = closing(Registry.open(options.state()));
            var kernel = new NetlinkKernel(hostNamespace, host, fabric.namespace(), inFabric);
            var member = options.cluster()
                    .map(cluster ->
                            closing(ClusterMember.join(registry, cluster, Version.current(), host, new SecureRandom())))
                    .orElse(null);
            var driver = new WeftDriver(
                    registry,
                    kernel,
                    WeftDriver.modes(host, registry),
                    closing(new LanNeighbors(hostNamespace, new Random())),
                    claims(member, registry),
                    new SplittableRandom(),
                    InstantSource.system());
            var networks = new EngineNetworks();
            var ipam = new WeftIpam(
                    registry,
                    options.localPools(),
                    options.globalPools(),
                    new HostRoutes(host),
                    blocks(member, registry),
                    networks);
            if (member != null) {
                closing(Forwarder.start(registry, driver));
            }
            gate.open(driver, ipam);
            LOG.log(
                    INFO,
                    "ready: {0} networks recorded in {1}",
                    registry.networks().size(),
                    options.state());
            var reconciler = keepTrue(driver, fabric, hostNamespace, options);
            var upkeep = lookAfterTheEngine(
                    options,
                    new Collector(registry, driver, ipam, PLUGIN, options.collectAfter(), System::nanoTime),
                    networks,
                    reconciler,
                    new HostRoutes(host),
                    member);
            var serving = admin;
            if (serving != null) {
                serving.open(new Patient(
                        Version.current(),
                        options.fabric(),
                        options.state(),
                        files(options),
                        registry,
                        ipam,
                        driver,
                        reconciler,
                        upkeep,
                        member,
                        fabric,
                        host));
            }
            closing(tellOf(registry));
            holdJars();
        } catch (Stopping beforeItWasReady) {
            shut("the Weft agent is stopping; try again.");
        } catch (Throwable failure) { // whatever it is, engines must not wait for it
            unable(failure);
        }
    }

    private static AddressClaims claims(@Nullable ClusterMember member, Registry registry) {
        if (member != null) {
            return member;
        }
        return registry.member().isEmpty() ? AddressClaims.NONE : OwnAddresses.withoutStore(registry);
    }

    private static OwnBlocks blocks(@Nullable ClusterMember member, Registry registry) {
        if (member != null) {
            return member;
        }
        return registry.member().isEmpty() ? OwnBlocks.NONE : OwnAddresses.withoutStore(registry);
    }

    /// Opens every jar: an upgrade takes them away while this agent still answers, and what it had not needed yet would
    /// not be found.
    private static void holdJars() {
        var _ = ClassLoader.getSystemResource("in/no/jar");
    }

    /// The service manager shows how many networks there are.
    ///
    /// @return ends it
    private AutoCloseable tellOf(Registry registry) {
        stands(ready(registry));
        var watch = registry.watch(_ -> stands(ready(registry)));
        return watch::run;
    }

    private static String ready(Registry registry) {
        int networks = registry.networks().size();
        return networks == 1 ? "ready: 1 network" : "ready: " + networks + " networks";
    }

    private void stands(String status) {
        var told = service;
        if (told != null) {
            told.ready(status);
        }
    }

    private Reconciler keepTrue(WeftDriver driver, Fabric fabric, NetworkNamespace host, Configuration options) {
        var reconciler = closing(Reconciler.start(driver, fabric, options.reconcileInterval(), InstantSource.system()));
        try {
            closing(ChangeMonitor.open(fabric.namespace(), IN_FABRIC, _ -> reconciler.compareSoon()));
            closing(ChangeMonitor.open(host, IN_HOST, _ -> reconciler.compareSoon()));
        } catch (NetlinkException failure) {
            LOG.log(
                    WARNING,
                    "changes of the kernel are seen every {0} s only: {1}",
                    options.reconcileInterval().toSeconds(),
                    failure.getMessage());
        }
        return reconciler;
    }

    /// Null where Weft is to keep away from the Docker API.
    private @Nullable Upkeep lookAfterTheEngine(
            Configuration options,
            Collector collector,
            EngineNetworks networks,
            Reconciler reconciler,
            HostRoutes routes,
            @Nullable ClusterMember member) {
        if (options.dockerSocket().isEmpty()) {
            return null;
        }
        var settings = new Upkeep.Settings(
                PLUGIN, options.startMissedContainers(), options.collectAfter(), options.gatewayBridgePools());
        var engine = closing(new EngineApi(options.dockerSocket().get()));
        var upkeep = closing(Upkeep.start(engine, collector, networks, reconciler::strangers, routes, settings));
        if (member != null) {
            closing(member.catalogue(engine, upkeep::prepareFor, PLUGIN, new SecureRandom()));
        }
        return upkeep;
    }

    /// The agent was told to stop while it was still starting.
    private static final class Stopping extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private void unable(Throwable failure) {
        var reason = failure instanceof Error ? failure.toString() : String.valueOf(failure.getMessage());
        var sentence = "the Weft agent cannot work: " + reason + (reason.endsWith(".") ? "" : ".")
                + (reason.endsWith("restart the agent.") ? "" : " Then restart the agent.");
        LOG.log(ERROR, sentence, failure);
        shut(sentence);
    }

    private void refuse(Outcome.Wrong configuration) {
        configuration.mistakes().forEach(mistake -> LOG.log(ERROR, "{0}", mistake));
        shut(configuration.explanation());
    }

    private void shut(String sentence) {
        gate.shut(sentence);
        stands(sentence);
        var serving = admin;
        if (serving != null) {
            serving.shut(sentence);
        }
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

    /// Lets calls in flight finish, and those that still come on connections that are there; what answers
    /// them is closed afterwards. Leaves every network as it is.
    @Override
    public void close() {
        if (stopped.getCount() == 0) {
            return;
        }
        var told = service;
        if (told != null) {
            told.close();
        }
        var serving = server; // null if it could not be served
        if (serving != null) {
            serving.close();
        }
        var administering = admin;
        if (administering != null) {
            administering.close();
        }
        synchronized (open) {
            closing = true;
            while (!open.isEmpty()) {
                close(open.pop());
            }
        }
        if (serving != null) {
            LOG.log(INFO, "stopped; networks and containers stay as they are");
        }
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
