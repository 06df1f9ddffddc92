package dev.weft.drivers.neighbors;

import static java.lang.System.Logger.Level.WARNING;
import static java.util.Comparator.comparing;

import dev.weft.inet.AddressText;
import dev.weft.inet.MacAddress;
import dev.weft.netlink.NetlinkException;
import dev.weft.netlink.NetworkNamespace;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Hears whether somebody else on the LAN claims an address that one of our containers has. It listens
/// to what is sent to all anyway, and sends nothing.
///
/// While nothing is to be watched there is neither a thread nor a socket; otherwise two threads and two
/// sockets for each link.
public final class ConflictWatch implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ConflictWatch.class.getName());

    private static final Duration MEMORY = Duration.ofMinutes(10);

    /// Whoever forges claims cannot fill the memory.
    private static final int MOST = 1000;

    private final NetworkNamespace host;
    private final Duration memory;
    private final InstantSource clock;

    // Guarded by this.
    private Map<String, Map<InetAddress, Set<MacAddress>>> ours = Map.of();
    private final Map<Conflict, Instant> seen = new HashMap<>();
    private @Nullable Listener listener;
    private boolean closed;

    /// @param host namespace of the parents; must stay open
    public ConflictWatch(NetworkNamespace host) {
        this(host, MEMORY, InstantSource.system());
    }

    /// @param memory how long a conflict counts after it was seen last
    ConflictWatch(NetworkNamespace host, Duration memory, InstantSource clock) {
        this.host = host;
        this.memory = memory;
        this.clock = clock;
    }

    /// Watches these links from now on, and no others. One that is missing or down is watched as soon
    /// as it is up.
    ///
    /// Returns soon and throws nothing on behalf of a link: failures are logged. Does nothing after
    /// [#close].
    ///
    /// @param addresses by name of the parent, the addresses that our endpoints on it have, with the
    ///                  MAC addresses by which they may be claimed
    public void watch(Map<String, Map<InetAddress, Set<MacAddress>>> addresses) {
        Listener ended = null;
        synchronized (this) {
            if (closed) {
                return;
            }
            ours = Map.copyOf(addresses);
            if (ours.isEmpty()) {
                ended = listener;
                listener = null;
            } else {
                listen();
            }
        }
        if (ended != null) {
            ended.close();
        }
    }

    private void listen() {
        try {
            if (listener == null || listener.hasEnded()) {
                listener = new Listener(host, this::heard);
            }
            listener.listen(ours.keySet());
        } catch (NetlinkException failure) {
            LOG.log(WARNING, "conflicts of addresses on the LAN are not heard: {0}", failure.getMessage());
        }
    }

    /// What there is now, by address, link and holder.
    public synchronized List<Sighting> conflicts() {
        forget();
        return seen.entrySet().stream()
                .map(entry -> new Sighting(entry.getKey(), entry.getValue()))
                .sorted(comparing((Sighting sighting) ->
                                AddressText.of(sighting.conflict().address()))
                        .thenComparing(sighting -> sighting.conflict().link())
                        .thenComparingLong(
                                sighting -> sighting.conflict().holder().bits()))
                .toList();
    }

    private void forget() {
        var oldest = clock.instant().minus(memory);
        seen.entrySet().removeIf(entry -> entry.getValue().isBefore(oldest) || !isConflict(entry.getKey()));
    }

    /// In the listener's thread.
    ///
    /// @return whether it is a conflict of which nobody knew
    private synchronized boolean heard(Conflict claim) {
        if (!isConflict(claim)) {
            return false;
        }
        if (seen.size() >= MOST && !seen.containsKey(claim)) {
            forget();
        }
        if (seen.size() >= MOST && !seen.containsKey(claim)) {
            return false;
        }
        return seen.put(claim, clock.instant()) == null;
    }

    private boolean isConflict(Conflict claim) {
        var macs = ours.getOrDefault(claim.link(), Map.of()).get(claim.address());
        return macs != null && !macs.contains(claim.holder());
    }

    /// Returns when the threads have ended.
    @Override
    public void close() {
        Listener ended;
        synchronized (this) {
            closed = true;
            ours = Map.of();
            ended = listener;
            listener = null;
        }
        if (ended != null) {
            ended.close();
        }
    }
}
