package dev.weft.netlink;

import org.jspecify.annotations.Nullable;

/// One of two links that are the ends of one cable.
///
/// @param peer the other end, which may be born in another namespace; of its settings, name, MTU, address, up and
///             namespace count. Null when read: the kernel tells no more of it than [Link#peerIndex].
public record Veth(@Nullable LinkSpec peer) implements LinkKind {
    private static final int VETH_INFO_PEER = 1; // linux/veth.h

    public Veth {
        if (peer != null
                && (peer.master() != 0 || peer.parent() != 0 || !peer.alias().isEmpty())) {
            throw new IllegalArgumentException("veth peer " + peer.name()
                    + ": a master, a parent and an alias cannot be given at creation; set them afterwards");
        }
    }

    @Override
    public String kindName() {
        return "veth";
    }

    void encode(MessageWriter out) {
        if (peer != null) {
            int begun = out.begin(VETH_INFO_PEER);
            peer.encodeWithoutKind(out);
            out.end(begun);
        }
    }
}
