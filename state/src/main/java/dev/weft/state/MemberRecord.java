package dev.weft.state;

import static java.util.Objects.requireNonNull;

/// That this host is in a cluster, and as whom.
///
/// @param id      of this host, 16 hexadecimal digits: it outlives restarts and reboots
/// @param machine what tells this machine from a copy of it
/// @param version that was written last of what is this host's own: they only grow
public record MemberRecord(String id, String machine, long version) implements StateRecord {
    public MemberRecord {
        requireNonNull(id, "id");
        requireNonNull(machine, "machine");
    }

    /// There is one at most.
    @Override
    public String key() {
        return "member";
    }

    public MemberRecord at(long laterVersion) {
        return new MemberRecord(id, machine, laterVersion);
    }
}
