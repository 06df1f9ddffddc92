package dev.weft.drivers.plan;

import dev.weft.drivers.plan.Kernel.Outcome;
import dev.weft.netlink.Filter;
import dev.weft.netlink.Handle;
import dev.weft.netlink.Link;
import dev.weft.netlink.Netlink;
import dev.weft.netlink.Qdisc;
import dev.weft.netlink.Redirect;
import dev.weft.netlink.Request;
import dev.weft.netlink.TokenBucket;
import java.util.Collection;

/// Rate limits: a token bucket where packets leave a link of the fabric, and a detour for those that come in.
final class Shaping {
    /// What may go at once after a pause, whatever the rate: ten frames, so that short answers are not held up.
    private static final int SMALLEST_BURST = 16 * 1024;

    /// A burst lasts so long at higher rates; timers of the kernel are not finer than some milliseconds.
    private static final int BURST_MILLIS = 10;

    /// How long a packet waits at most.
    private static final int QUEUE_MILLIS = 50;

    private static final int LONGEST_FRAME = 64 * 1024;

    private final Netlink fabric;

    Shaping(Netlink fabric) {
        this.fabric = fabric;
    }

    private static TokenBucket bucket(long bitsPerSecond) {
        long burst = Math.max(SMALLEST_BURST, bytes(bitsPerSecond, BURST_MILLIS));
        long queue = Math.max(LONGEST_FRAME, bytes(bitsPerSecond, QUEUE_MILLIS));
        return new TokenBucket(bitsPerSecond, (int) burst, (int) (burst + queue));
    }

    private static long bytes(long bitsPerSecond, int millis) {
        return bitsPerSecond / Byte.SIZE / 1000 * millis;
    }

    static boolean limits(Collection<Qdisc> ofLink, long bitsPerSecond) {
        return ofLink.stream()
                .filter(qdisc -> qdisc.parent().equals(Handle.ROOT))
                .anyMatch(qdisc -> qdisc.kind() instanceof TokenBucket actual
                        && bucket(bitsPerSecond).agreesWith(actual));
    }

    static boolean redirects(Collection<Filter> ofPort, Link ifb) {
        return ofPort.stream()
                .anyMatch(filter -> filter.kind() instanceof Redirect redirect && redirect.target() == ifb.index());
    }

    Outcome limit(Step.LimitRate step, Link link) {
        fabric.send(Request.replaceQdisc(Qdisc.root(link.index(), bucket(step.bitsPerSecond()))));
        return Outcome.MENDED;
    }

    /// Without what stood there: a redirection to an ifb link that is no more, say.
    Outcome redirect(Link port, Link ifb) {
        for (var qdisc : fabric.qdiscs(port.index())) {
            if (qdisc.parent().equals(Handle.INGRESS)) {
                fabric.deleteQdisc(qdisc);
            }
        }
        fabric.addQdisc(Qdisc.ingress(port.index()));
        fabric.addFilter(Filter.redirectReceived(port.index(), ifb.index()));
        return Outcome.MENDED;
    }
}
