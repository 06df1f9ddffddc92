package dev.weft.cluster;

import dev.weft.state.BlockMap;
import dev.weft.state.EndpointShard;
import dev.weft.state.HostRecord;
import dev.weft.state.SharedNetwork;
import dev.weft.state.StateRecord;

/// Where the store has what.
final class Keys {
    static final String HOSTS = "hosts/";
    static final String ENDPOINTS = "endpoints/";
    static final String NETWORKS = "networks/";
    static final String NAMES = "names/";
    static final String VNIS = "vnis/";
    static final String BLOCKS = "blocks/";
    static final String ALIVE = "alive/";

    private Keys() {}

    /// Of a record that hosts tell each other.
    ///
    /// @throws IllegalStateException if it is this host's own affair
    static String of(StateRecord record) {
        return switch (record) {
            case HostRecord host -> HOSTS + host.id();
            case EndpointShard shard -> ENDPOINTS + shard.host() + "/" + shard.network() + "/" + shard.shard();
            case SharedNetwork network -> NETWORKS + network.id();
            case BlockMap map -> BLOCKS + map.network() + "/" + map.subnet();
            default -> throw new IllegalStateException("no other host is told of " + record);
        };
    }

    /// As the store has it.
    ///
    /// @throws IllegalStateException if it is this host's own affair
    static String text(StateRecord record) {
        return switch (record) {
            case HostRecord host -> host.text();
            case EndpointShard shard -> shard.text();
            case SharedNetwork network -> network.text();
            case BlockMap map -> map.text();
            default -> throw new IllegalStateException("no other host is told of " + record);
        };
    }

    /// That a network has the name.
    static String name(String name) {
        return NAMES + name;
    }

    /// That a network has the VNI.
    static String vni(int vni) {
        return VNIS + vni;
    }
}
