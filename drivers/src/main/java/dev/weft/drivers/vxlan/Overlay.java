package dev.weft.drivers.vxlan;

import dev.weft.drivers.plan.Step.Station;
import dev.weft.inet.Vni;
import java.net.InetAddress;
import java.util.List;

/// How a network goes on beyond this host.
///
/// @param local    this host's address for the others (VTEP)
/// @param port     UDP, on all hosts
/// @param stations endpoints of other hosts
/// @param hosts    where the network has endpoints, by their addresses
record Overlay(Vni vni, InetAddress local, int port, List<Station> stations, List<InetAddress> hosts) {
    Overlay {
        stations = List.copyOf(stations);
        hosts = List.copyOf(hosts);
    }
}
