package dev.weft.drivers.neighbors;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.WARNING;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.netlink.Address;
import dev.weft.netlink.Errno;
import dev.weft.netlink.Link;
import dev.weft.netlink.Netlink;
import dev.weft.netlink.NetlinkException;
import dev.weft.netlink.NetworkNamespace;
import dev.weft.netlink.PacketSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;

/// Tells the LAN in the background who has an address now, so that neighbors and switches forget who
/// had it before.
///
/// A few platform threads serve all containers: what is waited for is looked at again now and then,
/// less often the longer it takes. Between two looks nothing of a sandbox is held open: an open file or
/// socket would keep its namespace, and the links in it, beyond the container's end.
public final class Announcer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Announcer.class.getName());

    private static final int THREADS = 2;
    private static final long IDLE_SECONDS = 10;

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final long SHORTEST_PAUSE_MILLIS = 20;
    private static final long LONGEST_PAUSE_MILLIS = 1000;

    private final Duration patience;
    private final ScheduledThreadPoolExecutor threads;

    public Announcer() {
        this(PATIENCE);
    }

    /// @param patience how long to wait for a link
    Announcer(Duration patience) {
        this.patience = patience;
        threads = new ScheduledThreadPoolExecutor(
                THREADS,
                Thread.ofPlatform().name("announcer-", 0).daemon().factory(),
                new ThreadPoolExecutor.DiscardPolicy()); // what comes after close()
        threads.setKeepAliveTime(IDLE_SECONDS, SECONDS);
        threads.allowCoreThreadTimeOut(true);
    }

    /// Returns at once, and never throws on behalf of a container: failures are logged. Nothing happens
    /// after [#close].
    ///
    /// The link has 15 s to be in the sandbox, up, with carrier and with addresses; those of the
    /// announcement that it has then are announced. When the link or the sandbox goes, so does the
    /// announcement.
    public void announce(Announcement announcement) {
        if (announcement.options().count() > 0 && !announcement.addresses().isEmpty()) {
            new Course(announcement).again(SHORTEST_PAUSE_MILLIS); // the engine moves the link when it is told of it
        }
    }

    /// What came of a look into the sandbox.
    private enum Look {
        ANNOUNCED,
        /// There is no such sandbox, or no such link in it that carries frames and has an address.
        NOTHING_THERE
    }

    /// One announcement on its way. Run by one thread at a time.
    private final class Course implements Runnable {
        private final Announcement announcement;
        private final long start = System.nanoTime();
        private int announced;

        Course(Announcement announcement) {
            this.announcement = announcement;
        }

        @Override
        public void run() {
            try {
                proceed(look());
            } catch (RuntimeException failure) {
                LOG.log(
                        WARNING,
                        "the addresses of {0} are not announced on the LAN: {1}",
                        announcement.alias(),
                        failure.getMessage());
            }
        }

        private void proceed(Look look) {
            switch (look) {
                case ANNOUNCED -> {
                    announced++;
                    if (announced < announcement.options().count()) {
                        again(announcement.options().interval().toMillis());
                    }
                }
                case NOTHING_THERE -> {
                    long elapsed = System.nanoTime() - start;
                    if (announced == 0 && elapsed < patience.toNanos()) {
                        again(Math.clamp(elapsed / 1_000_000 / 4, SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS));
                    } else {
                        LOG.log(
                                DEBUG,
                                "{0} of {1} announcements of {2} were made; then no link with addresses was in {3}",
                                announced,
                                announcement.options().count(),
                                announcement.alias(),
                                announcement.sandbox());
                    }
                }
            }
        }

        private void again(long millis) {
            var _ = threads.schedule(this, millis, MILLISECONDS); // run() keeps its failures to itself
        }

        private Look look() {
            if (!Files.exists(announcement.sandbox())) {
                return Look.NOTHING_THERE;
            }
            try (var sandbox = NetworkNamespace.at(announcement.sandbox())) {
                return look(sandbox);
            } catch (NetlinkException failure) {
                if (isPassing(failure)) {
                    return Look.NOTHING_THERE;
                }
                throw failure;
            }
        }

        private Look look(NetworkNamespace sandbox) {
            try (var netlink = Netlink.open(sandbox)) {
                for (var link : netlink.links()) {
                    var mac = link.address();
                    if (link.alias().equals(announcement.alias()) && link.up() && link.carrier() && mac != null) {
                        return announce(sandbox, link, mac, addresses(netlink, link));
                    }
                }
                return Look.NOTHING_THERE;
            }
        }

        private Look announce(NetworkNamespace sandbox, Link link, MacAddress mac, List<InetAddress> present) {
            var frames = announcement.frames(mac, present);
            if (frames.isEmpty()) {
                return Look.NOTHING_THERE;
            }
            try (var socket = PacketSocket.open(sandbox, Set.of(), null)) {
                socket.attach(link.index());
                frames.forEach(frame -> socket.send(link.index(), frame));
            }
            return Look.ANNOUNCED;
        }

        private static List<InetAddress> addresses(Netlink netlink, Link link) {
            return netlink.addresses().stream()
                    .filter(address -> address.index() == link.index())
                    .map(Address::cidr)
                    .map(Cidr::address)
                    .toList();
        }

        /// The sandbox went, or is a file on which nothing is mounted yet; the link went, or drops
        /// frames while it comes up.
        private static boolean isPassing(NetlinkException failure) {
            return Prober.isLinkGone(failure)
                    || failure.is(Errno.ENOENT)
                    || failure.is(Errno.EINVAL)
                    || failure.is(Errno.ENOBUFS);
        }
    }

    /// Forgets what has not been announced yet. Returns when nothing runs any more.
    @Override
    public void close() {
        threads.shutdownNow();
        boolean interrupted = false;
        while (true) {
            try {
                if (threads.awaitTermination(1, MINUTES)) {
                    break;
                }
            } catch (InterruptedException interrupt) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
