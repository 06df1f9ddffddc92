package dev.weft.netlink;

/// The tables of the kernel that may change while they are read without it saying so ([Conversation#dump]).
enum UnmarkedTable {
    NEIGHBORS(Kernel.RTM_GETNEIGH, Kernel.RTMGRP_NEIGH),
    FDB(Kernel.RTM_GETNEIGH, Kernel.RTMGRP_NEIGH),
    /// They go with their link too.
    QDISCS(Kernel.RTM_GETQDISC, Kernel.RTMGRP_TC | Kernel.RTMGRP_LINK),
    FILTERS(Kernel.RTM_GETTFILTER, Kernel.RTMGRP_TC);

    private final int type;
    private final int groups;

    UnmarkedTable(int type, int groups) {
        this.type = type;
        this.groups = groups;
    }

    /// The request that reads it.
    int type() {
        return type;
    }

    /// RTMGRP_* of the announcements about it.
    int groups() {
        return groups;
    }

    /// Takes all announcements that have come.
    boolean removalAnnounced(NetlinkSocket announcements) {
        boolean removed = false;
        while (true) {
            switch (announcements.receive(0)) {
                case TIMED_OUT, WOKEN -> {
                    return removed;
                }
                case BROKEN -> {
                    return true;
                }
                case OVERFLOWED, TRUNCATED -> removed = true;
                case RECEIVED -> removed |= hasRemoval(new Messages(announcements.received()));
            }
        }
    }

    private boolean hasRemoval(Messages messages) {
        while (messages.next()) {
            if (isRemoval(messages)) {
                return true;
            }
        }
        return false;
    }

    private boolean isRemoval(Messages message) {
        return switch (this) {
            case NEIGHBORS -> message.type() == Kernel.RTM_DELNEIGH && message.family() != Kernel.AF_BRIDGE;
            case FDB -> message.type() == Kernel.RTM_DELNEIGH && message.family() == Kernel.AF_BRIDGE;
            case QDISCS -> message.type() == Kernel.RTM_DELQDISC || message.type() == Kernel.RTM_DELLINK;
            case FILTERS -> message.type() == Kernel.RTM_DELTFILTER || message.type() == Kernel.RTM_DELQDISC;
        };
    }
}
