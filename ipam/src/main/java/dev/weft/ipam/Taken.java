package dev.weft.ipam;

import dev.weft.inet.Subnet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// What a chosen subnet must not overlap.
///
/// @param pools    that Weft's IPAM driver has given, in either address space
/// @param networks subnets of networks on this host whose addresses come from another IPAM driver
/// @param routes   destinations to which this host has a route
record Taken(Collection<Subnet> pools, Collection<Subnet> networks, Collection<Subnet> routes) {
    List<Subnet> all() {
        var all = new ArrayList<Subnet>(pools);
        all.addAll(networks);
        all.addAll(routes);
        return all;
    }

    /// `3 pools, 1 other network and 2 routes of this host`.
    String inTheWayOf(Subnet base) {
        return count(pools, base, "pool") + ", " + count(networks, base, "other network") + " and "
                + count(routes, base, "route") + " of this host";
    }

    private static String count(Collection<Subnet> subnets, Subnet base, String one) {
        long count = subnets.stream().filter(base::overlaps).count();
        return count + " " + one + (count == 1 ? "" : "s");
    }
}
