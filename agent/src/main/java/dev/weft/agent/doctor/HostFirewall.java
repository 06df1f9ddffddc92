package dev.weft.agent.doctor;

import dev.weft.drivers.mode.LinkNames;
import dev.weft.drivers.mode.NetworkOptions;
import dev.weft.drivers.vxlan.VxlanMode;
import dev.weft.inet.Subnet;
import dev.weft.state.NetworkRecord;
import dev.weft.state.NetworkSubnet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Rules of the host that keep containers from what is outside of their networks. What goes on within a network is out
/// of their reach.
final class HostFirewall {
    private static final String BRIDGE = "docker_gwbridge";

    private HostFirewall() {}

    static List<Finding> of(Snapshot facts) {
        var findings = new ArrayList<Finding>();
        forward(facts, findings);
        for (var network : facts.recorded().networks()) {
            if (NetworkOptions.hasHostAccess(network)) {
                input(facts, network, findings);
            }
        }
        return findings;
    }

    /// Engines accept there what comes from docker_gwbridge; whoever flushes the rules takes that away, and leaves the
    /// policy.
    private static void forward(Snapshot facts, List<Finding> findings) {
        boolean needed = facts.recorded().networks().stream().anyMatch(HostFirewall::leavesByGatewayBridge);
        for (var cidr : facts.host().gatewayBridge()) {
            var rules = cidr.isIpv4() ? facts.host().ipv4Rules() : facts.host().ipv6Rules();
            if (needed
                    && !cidr.address().isLinkLocalAddress()
                    && rules.drops("FORWARD")
                    && !rules.accepts("FORWARD", from(BRIDGE, List.of(cidr.subnet())))) {
                var family = cidr.isIpv4() ? "IPv4" : "IPv6";
                findings.add(Finding.error(
                        "firewall-forward",
                        family,
                        "the host drops " + family + " packets that it forwards, and no rule accepts those from "
                                + BRIDGE + ": containers do not get out. Somebody has flushed the engine's rules;"
                                + " restart Docker Engine, which makes them again."));
            }
        }
    }

    private static boolean leavesByGatewayBridge(NetworkRecord network) {
        return !network.internal() && network.mode().equals(VxlanMode.NAME);
    }

    private static void input(Snapshot facts, NetworkRecord network, List<Finding> findings) {
        var link = LinkNames.hostEnd(network.id());
        var subnets = network.subnets().stream().map(NetworkSubnet::subnet).toList();
        for (boolean ipv4 : new boolean[] {true, false}) {
            var rules = ipv4 ? facts.host().ipv4Rules() : facts.host().ipv6Rules();
            if (subnets.stream().anyMatch(subnet -> subnet.isIpv4() == ipv4)
                    && rules.drops("INPUT")
                    && !rules.accepts("INPUT", from(link, subnets))) {
                findings.add(Finding.error(
                        "firewall-input",
                        network.id() + (ipv4 ? " IPv4" : " IPv6"),
                        "the host drops " + (ipv4 ? "IPv4" : "IPv6") + " packets that come to it, and no rule accepts"
                                + " those from network " + network.title() + ", which has host_access. Accept them: "
                                + (ipv4 ? "iptables" : "ip6tables") + " -I INPUT -i " + link + " -j ACCEPT"));
            }
        }
    }

    /// What a rule may ask for, and accept all new packets from there none the less.
    private static Predicate<String> from(String link, List<Subnet> subnets) {
        return match -> {
            var words = match.split(" ", 3);
            return switch (words[0]) {
                case "-i" -> words[1].equals(link) || isBeginning(words[1], link);
                case "-s" -> subnets.stream().anyMatch(subnet -> contains(words[1], subnet));
                case "!" -> match.equals("! -o " + link);
                default -> false;
            };
        };
    }

    /// `docker+` stands for all names that begin so.
    private static boolean isBeginning(String pattern, String link) {
        return pattern.endsWith("+") && link.startsWith(pattern.substring(0, pattern.length() - 1));
    }

    private static boolean contains(String source, Subnet subnet) {
        try {
            var outer = Subnet.parse(source);
            return outer.contains(subnet.address()) && outer.prefixLength() <= subnet.prefixLength();
        } catch (IllegalArgumentException aName) {
            return false;
        }
    }
}
