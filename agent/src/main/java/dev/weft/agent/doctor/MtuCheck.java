package dev.weft.agent.doctor;

import dev.weft.state.NetworkRecord;
import java.util.List;

/// Networks whose packets have become too large for the default route.
final class MtuCheck {
    private MtuCheck() {}

    static List<Finding> of(Snapshot facts) {
        var underlay = facts.host().underlay();
        return facts.recorded().networks().stream()
                .filter(network -> network.mtu() > underlay.insideMtu())
                .map((NetworkRecord network) -> Finding.warning(
                        "mtu",
                        network.id(),
                        "network " + network.title() + " has an MTU of " + network.mtu() + " bytes inside, and the "
                                + underlay + ", now leaves " + underlay.insideMtu()
                                + ": larger packets will not reach other hosts. Set that link's MTU back, or create the"
                                + " network again."))
                .toList();
    }
}
