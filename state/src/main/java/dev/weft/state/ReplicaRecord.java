package dev.weft.state;

import static java.util.Objects.requireNonNull;

/// That a network of this host's engine is one of the cluster's: engines give each network an id of their own.
///
/// @param networkId Docker's id of it on this host
/// @param sharedId  the cluster's
public record ReplicaRecord(String networkId, String sharedId) implements StateRecord {
    public ReplicaRecord {
        requireNonNull(networkId, "networkId");
        requireNonNull(sharedId, "sharedId");
    }

    @Override
    public String key() {
        return networkId;
    }
}
