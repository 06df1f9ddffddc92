package dev.weft.netlink;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// Picks packets that pass a qdisc and does something with them (tc(8)). Those of the qdisc's first chain only, where
/// every packet begins.
///
/// @param index    the link
/// @param parent   the qdisc, [Handle#INGRESS_QDISC] for what is received
/// @param priority 1 to 65535; the lowest is asked first
/// @param protocol which packets it sees: an EtherType (linux/if_ether.h), or [#ALL_PROTOCOLS]
/// @param handle   the kernel's number for it within its priority; 0 for one to be made. To delete with 0 means all of
///                 the same priority and protocol
public record Filter(int index, Handle parent, int priority, int protocol, int handle, FilterKind kind) {
    /// ETH_P_ALL, linux/if_ether.h.
    public static final int ALL_PROTOCOLS = 3;

    private static final int LARGEST = 0xffff;

    /// A filter of kind u32 keeps its filters in hash tables, which the kernel lists like filters (linux/pkt_cls.h).
    private static final int TC_U32_KEY = 0xfffff;

    public Filter {
        requireNonNull(parent, "parent");
        requireNonNull(kind, "kind");
        if (priority < 1 || priority > LARGEST || protocol < 0 || protocol > LARGEST) {
            throw new IllegalArgumentException("a filter of priority " + priority + " for protocol " + protocol
                    + ": priorities go from 1 to 65535, protocols from 0");
        }
    }

    /// Everything that a link receives goes out on the link `target` instead; needs [Qdisc#ingress].
    public static Filter redirectReceived(int index, int target) {
        return new Filter(index, Handle.INGRESS_QDISC, 1, ALL_PROTOCOLS, 0, new Redirect(target));
    }

    void encode(MessageWriter out) {
        header(out);
        out.attributeZeroTerminated(TrafficMessage.TCA_KIND, kind.kindName());
        int options = out.begin(TrafficMessage.TCA_OPTIONS);
        switch (kind) {
            case Redirect redirect -> redirect.encode(out);
            case FilterKind.Other _ -> {}
        }
        out.endUnlessEmpty(options);
    }

    void encodeForDeletion(MessageWriter out) {
        header(out);
        if (handle != 0) {
            out.attributeZeroTerminated(TrafficMessage.TCA_KIND, kind.kindName());
        }
    }

    private void header(MessageWriter out) {
        int info = priority << Short.SIZE | swapped(protocol);
        TrafficMessage.header(out, index, handle, parent.value(), info);
    }

    /// From the order of the machine to that of the wire, or back.
    private static int swapped(int protocol) {
        boolean big = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN;
        return big ? protocol : Short.toUnsignedInt(Short.reverseBytes((short) protocol));
    }

    static void encodeQuery(MessageWriter out, int index, Handle parent) {
        TrafficMessage.header(out, index, 0, parent.value(), 0);
        out.attributeU32(TrafficMessage.TCA_CHAIN, 0);
    }

    /// @param body struct tcmsg and its attributes
    /// @return null where it is only the head of a priority, or a hash table
    static @Nullable Filter decode(ByteBuffer body) {
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
        int handle = TrafficMessage.handle(body);
        int priority = TrafficMessage.info(body) >>> Short.SIZE;
        boolean u32 = kindName.equals("u32");
        if (priority == 0 || (handle & (u32 ? TC_U32_KEY : -1)) == 0) {
            return null;
        }
        var kind = u32 && options != null ? Redirect.decode(options) : new FilterKind.Other(kindName);
        int protocol = swapped(TrafficMessage.info(body) & LARGEST);
        return new Filter(TrafficMessage.index(body), TrafficMessage.parent(body), priority, protocol, handle, kind);
    }

    @Override
    public String toString() {
        String what = kind instanceof Redirect redirect ? "redirect to link " + redirect.target() : kind.kindName();
        return what + " at " + parent + " of link " + index + " (priority " + priority + ")";
    }
}
