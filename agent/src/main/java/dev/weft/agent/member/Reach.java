package dev.weft.agent.member;

import dev.weft.state.HostRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// Whether hosts can send to each other at all, by what they say of themselves.
final class Reach {
    private Reach() {}

    /// A sentence each.
    static List<String> problems(HostRecord self, Collection<HostRecord> hosts) {
        if (self.addresses().isEmpty()) {
            return List.of("no other host can send to this one: it has no default route, by which its address would be"
                    + " known. Name the address in cluster.advertise.");
        }
        boolean ipv4 = self.address(true) != null;
        var problems = new ArrayList<String>();
        for (var host : hosts) {
            if (host.id().equals(self.id()) || host.forgotten()) {
                continue;
            }
            if (host.address(ipv4) == null) {
                problems.add("host " + host.name() + " has no " + (ipv4 ? "IPv4" : "IPv6")
                        + " address, by which this host would send to it. Give it one, or name addresses of the other IP"
                        + " version in cluster.advertise on all hosts.");
            }
            if (host.port() != self.port()) {
                problems.add("host " + host.name() + " takes VXLAN packets at UDP port " + host.port()
                        + ", and this one at " + self.port() + ". Give both the same cluster.vxlan_port.");
            }
        }
        return problems;
    }
}
