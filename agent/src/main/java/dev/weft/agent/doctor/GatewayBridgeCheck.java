package dev.weft.agent.doctor;

import dev.weft.inet.Cidr;
import dev.weft.state.NetworkRecord;
import java.util.ArrayList;
import java.util.List;

/// docker_gwbridge, by which containers leave the host, in the way of networks or of no use to them.
final class GatewayBridgeCheck {
    private GatewayBridgeCheck() {}

    static List<Finding> of(Snapshot facts) {
        var findings = new ArrayList<Finding>();
        for (var network : facts.recorded().networks()) {
            facts.host().gatewayBridge().forEach(cidr -> overlap(network, cidr, findings));
            if (lacksIpv6(facts, network)) {
                findings.add(Finding.warning(
                        "gateway-bridge-ipv6",
                        network.id(),
                        "network " + network.title() + " has IPv6, and docker_gwbridge has not: its containers reach"
                                + " nothing outside by IPv6. " + exchange("--ipv6 --subnet SUBNET")));
            }
        }
        return findings;
    }

    private static void overlap(NetworkRecord network, Cidr cidr, List<Finding> findings) {
        network.subnets().stream()
                .filter(subnet -> subnet.subnet().overlaps(cidr.subnet()))
                .forEach(subnet -> findings.add(Finding.error(
                        "gateway-bridge-overlap",
                        network.id(),
                        "docker_gwbridge has " + cidr + ", which overlaps " + subnet.subnet() + " of network "
                                + network.title() + ": containers of that cannot start. "
                                + exchange("--subnet SUBNET"))));
    }

    /// With the options that engines make it with (libnetwork's defaultGwNetwork).
    private static String exchange(String subnet) {
        return "Stop the containers that are in it, and exchange it: docker network rm docker_gwbridge && docker network"
                + " create " + subnet + " -o com.docker.network.bridge.name=docker_gwbridge"
                + " -o com.docker.network.bridge.enable_icc=false"
                + " -o com.docker.network.bridge.enable_ip_masquerade=true docker_gwbridge";
    }

    private static boolean lacksIpv6(Snapshot facts, NetworkRecord network) {
        var bridge = facts.host().gatewayBridge();
        return !network.internal()
                && network.subnets().stream()
                        .anyMatch(subnet -> !subnet.subnet().isIpv4())
                && !bridge.isEmpty()
                && bridge.stream()
                        .allMatch(cidr -> cidr.isIpv4() || cidr.address().isLinkLocalAddress());
    }
}
