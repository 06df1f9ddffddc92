package dev.weft.netlink;

import org.jspecify.annotations.Nullable;

/// One of two links that are the ends of one cable.
///
/// @param peer the other end, which may be born in another namespace; without one, it is born in the connection's. Null
///             when read: the kernel tells no more of it than [Link#peerIndex].
public record Veth(@Nullable LinkSpec peer) implements LinkKind {
    private static final int VETH_INFO_PEER = 1; // linux/veth.h

    public Veth {
        if (peer != null && (peer.master() != 0 || peer.parent() != 0)) {
            throw new IllegalArgumentException(
                    "veth peer " + peer.name() + ": it cannot be born with a master or a parent; set them afterwards");
        }
    }

    @Override
    public String kindName() {
        return "veth";
    }

    void encode(MessageWriter out) {
        if (peer != null) {
            int begun = out.begin(VETH_INFO_PEER);
            peer.encodeWithoutKind(out, false); // an end that has no other yet cannot be up: ENOTCONN
            out.end(begun);
        }
    }
}
