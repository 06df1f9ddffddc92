package dev.weft.cluster;

import dev.weft.engine.Network;
import dev.weft.state.NetworkRecord;
import dev.weft.state.SharedNetwork;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Whether a network that was created on a host is the same as one of the cluster with its name.
final class Compatibility {
    /// What is not the network's own: where it is known, and what it is told by.
    private static final Set<String> OF_THE_HOST =
            Set.of("scope", "vni", "com.docker.network.driver.mtu", SharedNetwork.OPTION);

    private Compatibility() {}

    /// The options that all hosts have.
    static Map<String, String> common(Map<String, String> options) {
        var common = new HashMap<>(options);
        common.keySet().removeAll(OF_THE_HOST);
        return common;
    }

    /// What is otherwise; empty if nothing is.
    static Optional<String> difference(NetworkRecord record, Network network, SharedNetwork shared) {
        if (!record.mode().equals(shared.mode())) {
            return Optional.of("it has mode " + record.mode() + ", not " + shared.mode());
        }
        var own = Replicas.subnets(record.subnets());
        var others = Replicas.subnets(shared.subnets());
        if (!new HashSet<>(own).equals(new HashSet<>(others))) {
            return Optional.of("it has " + own + ", not " + others);
        }
        if (record.mtu() != shared.mtu()) {
            return Optional.of("it has an MTU of " + record.mtu() + ", not " + shared.mtu());
        }
        if (record.internal() != shared.internal()) {
            return Optional.of(record.internal() ? "it is internal" : "it is not internal");
        }
        if (!common(record.options()).equals(common(shared.options()))) {
            return Optional.of("its options are " + common(record.options()) + ", not " + common(shared.options()));
        }
        return network.labels().equals(shared.labels())
                ? Optional.empty()
                : Optional.of("its labels are " + network.labels() + ", not " + shared.labels());
    }
}
