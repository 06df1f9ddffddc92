package dev.weft.agent.upkeep;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import dev.weft.engine.EngineApi;
import dev.weft.engine.EngineEvent;
import dev.weft.engine.EngineException;
import dev.weft.engine.EngineInfo;
import dev.weft.engine.EngineListener;
import dev.weft.engine.EngineWatch;
import dev.weft.engine.Network;
import dev.weft.inet.Subnet;
import dev.weft.state.EngineRecord;
import dev.weft.state.StateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The loop that looks at the engine through the Docker API: when it connects, soon after something happened there, and
/// at intervals. No call of an engine ever waits for it.
///
/// Any thread may ask what it has found.
public final class Upkeep implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Upkeep.class.getName());

    /// Things happen in bunches: one look serves them all.
    private static final Duration SETTLING = Duration.ofMillis(500);

    /// It takes a fifth of the engine's time at most, however much happens there.
    private static final int REST = 4;

    private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(1);

    /// @param plugin        what the engine calls this plugin: `weft`
    /// @param startMissed   whether containers that the engine left down are started
    /// @param collectAfter  how long the engine must be without a thing before it is removed
    /// @param gatewayBridge subnets of docker_gwbridge; none: it is the engine's to make
    public record Settings(String plugin, boolean startMissed, Duration collectAfter, List<Subnet> gatewayBridge) {
        public Settings {
            gatewayBridge = List.copyOf(gatewayBridge);
        }
    }

    private final EngineApi engine;
    private final Collector collector;
    private final EngineNetworks networks;
    private final Supplier<Set<String>> strangers;
    private final MissedContainers missed;
    private final GatewayBridge gatewayBridge;
    private final Duration interval;
    private final Semaphore news = new Semaphore(0);
    private final Thread thread =
            Thread.ofPlatform().name("weft-upkeep").daemon().unstarted(this::run);
    private @Nullable EngineWatch watch;
    private volatile @Nullable EngineInfo info;
    private volatile String away = "it was not reached yet";
    private volatile Set<String> problems = Set.of();
    private volatile List<String> leftDown = List.of();

    private Upkeep(
            EngineApi engine,
            Collector collector,
            EngineNetworks networks,
            Supplier<Set<String>> strangers,
            Supplier<Collection<Subnet>> routes,
            Settings settings) {
        this.engine = engine;
        this.collector = collector;
        this.networks = networks;
        this.strangers = strangers;
        this.missed = new MissedContainers(engine, settings.plugin(), settings.startMissed());
        this.gatewayBridge = new GatewayBridge(engine, settings.gatewayBridge(), routes, settings.plugin());
        this.interval =
                settings.collectAfter().compareTo(LONGEST_INTERVAL) < 0 ? settings.collectAfter() : LONGEST_INTERVAL;
    }

    /// @param engine    stays the caller's to close, after this
    /// @param networks  is told which there are
    /// @param strangers aliases of links of ours that are of nothing on record
    /// @param routes    destinations that the host has routes to
    public static Upkeep start(
            EngineApi engine,
            Collector collector,
            EngineNetworks networks,
            Supplier<Set<String>> strangers,
            Supplier<Collection<Subnet>> routes,
            Settings settings) {
        var upkeep = new Upkeep(engine, collector, networks, strangers, routes, settings);
        upkeep.watch = EngineWatch.start(engine, upkeep.new Ear());
        upkeep.thread.start();
        return upkeep;
    }

    /// Hears what happens at the engine; the looks are another thread's.
    private final class Ear implements EngineListener {
        @Override
        public void connected() {
            LOG.log(INFO, "the Docker API answers");
            away = "";
            news.release();
        }

        @Override
        public void happened(EngineEvent event) {
            if (!event.changesNothing()) {
                news.release();
            }
        }

        @Override
        public void lost(EngineException reason) {
            away = String.valueOf(reason.getMessage());
            LOG.log(WARNING, "the Docker API is away, and calls of the engine are served all the same: {0}", away);
        }
    }

    private void run() {
        try {
            var rest = SETTLING.toNanos();
            while (true) {
                if (news.tryAcquire(interval.toMillis(), TimeUnit.MILLISECONDS)) {
                    TimeUnit.NANOSECONDS.sleep(rest);
                    news.drainPermits();
                }
                if (away.isEmpty()) {
                    long begun = System.nanoTime();
                    lookAfter();
                    rest = Math.max(SETTLING.toNanos(), (System.nanoTime() - begun) * REST);
                }
            }
        } catch (InterruptedException closed) {
            // The agent stops.
        }
    }

    private void lookAfter() {
        var found = new ArrayList<String>();
        try {
            var candidates = collector.candidates(strangers.get());
            var view = EngineView.of(engine);
            info = view.info();
            networks.set(view.networks());
            gatewayBridge.ensure(view).ifPresent(found::add);
            found.addAll(collector.collect(candidates, view));
            if (collector.isInDoubt()) {
                news.release();
            }
            leftDown = missed.look(view);
            found.addAll(leftDown);
        } catch (EngineException | StateException failure) {
            found.add(String.valueOf(failure.getMessage()));
        } catch (RuntimeException | Error failure) { // the next look must come, whatever happened in this one
            LOG.log(WARNING, "cannot look after what the engine has; tried again later", failure);
            found.add("cannot look after what the engine has: " + failure);
        }
        found.stream().filter(problem -> !problems.contains(problem)).forEach(problem -> LOG.log(WARNING, problem));
        problems = Set.copyOf(found);
    }

    /// Before a network that another host has created is created here.
    ///
    /// @return why it cannot be
    public Optional<String> prepareFor(List<Network> networks) {
        return gatewayBridge.ensureBefore(networks);
    }

    /// As the engine said when it was last looked at.
    public Optional<EngineInfo> engine() {
        return Optional.ofNullable(info);
    }

    /// What the engine has now.
    ///
    /// @throws EngineException if it does not say
    public EngineView look() {
        return EngineView.of(engine);
    }

    /// Why the engine cannot be asked; empty if it can.
    public String away() {
        return away;
    }

    /// What the last look found, a sentence each.
    public Set<String> problems() {
        return problems;
    }

    /// Of the problems, those that are containers that the engine left down.
    public List<String> leftDown() {
        return leftDown;
    }

    /// How many things the engine no longer had, and were removed.
    public long collected() {
        return collector.collected();
    }

    /// A person says that the engine is the right one, and that what it lacks is to go.
    ///
    /// @return the engine
    /// @throws EngineException if it does not say who it is
    public EngineRecord adopt() {
        var present = engine.info();
        var record = new EngineRecord(present.id(), present.name(), present.version());
        collector.adopt(record);
        news.release();
        return record;
    }

    @Override
    public void close() {
        if (watch != null) {
            watch.close();
        }
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
