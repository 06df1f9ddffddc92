package dev.weft.state;

/// One thing that must survive the agent. Records of one kind differ in their keys.
public sealed interface StateRecord
        permits NetworkRecord,
                EndpointRecord,
                PoolRecord,
                AddressRecord,
                EngineRecord,
                Tombstone,
                MemberRecord,
                HostRecord,
                SharedNetwork,
                ReplicaRecord,
                EndpointShard,
                BlockMap {
    String key();
}
