package dev.weft.agent.doctor;

import java.util.List;

/// Packets between containers that take a detour through iptables.
final class BridgeNetfilter {
    private BridgeNetfilter() {}

    static List<Finding> of(Snapshot facts) {
        var fabric = facts.host().fabric();
        return facts.host().bridgeNetfilter().stream()
                .map(setting -> Finding.error(
                        "bridge-netfilter",
                        setting,
                        "net.bridge." + setting + " is on in network namespace " + fabric
                                + ", so packets between containers go through iptables there. 'weft reconcile' turns it"
                                + " off; if it comes back, find out who runs: ip netns exec " + fabric + " sysctl"))
                .toList();
    }
}
