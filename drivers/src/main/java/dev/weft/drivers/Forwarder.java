package dev.weft.drivers;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.WARNING;

import dev.weft.plugin.Refusal;
import dev.weft.state.Change;
import dev.weft.state.EndpointShard;
import dev.weft.state.HostRecord;
import dev.weft.state.Registry;
import dev.weft.state.ReplicaRecord;
import dev.weft.state.SharedNetwork;
import dev.weft.state.StateRecord;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/// Brings the kernel up to what other hosts say, as soon as they have said it. What it cannot do is mended, and told
/// of, by whoever compares everything at intervals.
public final class Forwarder implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Forwarder.class.getName());

    /// Where packets to a host go.
    private record Place(List<InetAddress> addresses, int port, boolean forgotten) {}

    private final Registry registry;
    private final WeftDriver driver;
    private final Map<String, Place> places = new ConcurrentHashMap<>();
    private final BlockingQueue<StateRecord> news = new LinkedBlockingQueue<>();
    private final Runnable watching;
    private final Thread thread =
            Thread.ofPlatform().name("weft-forward").daemon().unstarted(this::run);

    private Forwarder(Registry registry, WeftDriver driver) {
        this.registry = registry;
        this.driver = driver;
        watching = registry.watch(changes ->
                changes.stream().map(Change::record).filter(this::isNews).forEach(news::add));
    }

    public static Forwarder start(Registry registry, WeftDriver driver) {
        var forwarder = new Forwarder(registry, driver);
        forwarder.thread.start();
        return forwarder;
    }

    /// What this host has itself is at its own ports; and hosts say more of themselves than where they are.
    private boolean isNews(StateRecord record) {
        return switch (record) {
            case EndpointShard shard -> !isSelf(shard.host());
            case HostRecord host -> {
                var place = new Place(host.addresses(), host.port(), host.forgotten());
                yield !place.equals(places.put(host.id(), place));
            }
            case ReplicaRecord _, SharedNetwork _ -> true;
            default -> false;
        };
    }

    private boolean isSelf(String host) {
        return registry.member().filter(member -> member.id().equals(host)).isPresent();
    }

    private void run() {
        try {
            while (true) {
                var first = news.take();
                var shared = new HashSet<String>();
                boolean all = concerns(first, shared);
                for (var one = news.poll(); one != null; one = news.poll()) {
                    all |= concerns(one, shared);
                }
                forward(shared, all);
            }
        } catch (InterruptedException closed) {
            // The agent stops.
        }
    }

    /// @return whether it concerns every network
    private static boolean concerns(StateRecord record, Set<String> shared) {
        switch (record) {
            case EndpointShard shard -> shared.add(shard.network());
            case ReplicaRecord replica -> shared.add(replica.sharedId());
            case SharedNetwork network -> shared.add(network.id());
            default -> {
                return true;
            }
        }
        return false;
    }

    private void forward(Set<String> shared, boolean all) {
        for (var replica : registry.replicas()) {
            if (all || shared.contains(replica.sharedId())) {
                try {
                    driver.forward(replica.networkId());
                } catch (Refusal failure) {
                    LOG.log(WARNING, String.valueOf(failure.getMessage()));
                } catch (RuntimeException | Error fault) { // the next one must be forwarded, whatever this was
                    LOG.log(ERROR, "cannot bring network " + replica.networkId() + " up to date", fault);
                }
            }
        }
    }

    @Override
    public void close() {
        watching.run();
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
