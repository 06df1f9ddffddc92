package dev.weft.netlink;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A queueing discipline: what becomes of the packets that a link is to send, or has received (tc(8)).
///
/// @param index  the link
/// @param handle names it among those of its link, with a minor number of 0; `0:` for those that the kernel made itself
/// @param parent where it is attached: [Handle#ROOT], [Handle#INGRESS] or a class of another qdisc
public record Qdisc(int index, Handle handle, Handle parent, QdiscKind kind) {
    private static final Handle FIRST = Handle.of(1, 0);

    public Qdisc {
        requireNonNull(handle, "handle");
        requireNonNull(parent, "parent");
        requireNonNull(kind, "kind");
    }

    /// Everything that the link sends goes through it; its handle is `1:`.
    public static Qdisc root(int index, QdiscKind kind) {
        return new Qdisc(index, FIRST, Handle.ROOT, kind);
    }

    /// What filters of received packets need; see [Handle#INGRESS_QDISC].
    public static Qdisc ingress(int index) {
        return new Qdisc(index, Handle.INGRESS_QDISC, Handle.INGRESS, new Ingress());
    }

    void encode(MessageWriter out) {
        encodeForDeletion(out);
        int options = out.begin(TrafficMessage.TCA_OPTIONS);
        switch (kind) {
            case TokenBucket bucket -> bucket.encode(out);
            case Ingress _, QdiscKind.Other _ -> {}
        }
        out.endUnlessEmpty(options);
    }

    /// With handle and kind, so that the kernel refuses if another one is there.
    void encodeForDeletion(MessageWriter out) {
        TrafficMessage.header(out, index, handle.value(), parent.value(), 0);
        out.attributeZeroTerminated(TrafficMessage.TCA_KIND, kind.kindName());
    }

    static void encodeQuery(MessageWriter out) {
        TrafficMessage.header(out, 0, 0, 0, 0);
    }

    static boolean isOf(int index, ByteBuffer body) {
        TrafficMessage.checkHeader(body);
        return TrafficMessage.index(body) == index;
    }

    /// @param body struct tcmsg and its attributes
    static Qdisc decode(ByteBuffer body) {
        TrafficMessage.checkHeader(body);
        String kindName = "";
        Attributes options = null;
        var attributes = TrafficMessage.attributes(body);
        while (attributes.next()) {
            switch (attributes.type()) {
                case TrafficMessage.TCA_KIND -> kindName = attributes.text();
                case TrafficMessage.TCA_OPTIONS -> options = attributes.nested();
                default -> {}
            }
        }
        var handle = new Handle(TrafficMessage.handle(body));
        return new Qdisc(
                TrafficMessage.index(body), handle, TrafficMessage.parent(body), decodeKind(kindName, options));
    }

    private static QdiscKind decodeKind(String kindName, @Nullable Attributes options) {
        if (kindName.equals("ingress")) {
            return new Ingress();
        }
        return kindName.equals("tbf") && options != null ? TokenBucket.decode(options) : new QdiscKind.Other(kindName);
    }

    @Override
    public String toString() {
        return kind.kindName() + " " + handle + " at " + parent + " of link " + index;
    }
}
