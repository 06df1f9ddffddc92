package dev.weft.drivers.plan;

import static java.util.stream.Collectors.toSet;

import dev.weft.netlink.FdbEntry;
import dev.weft.netlink.Link;
import dev.weft.netlink.Neighbor;
import dev.weft.netlink.Request;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What a VXLAN device and its bridge have, compared with what a [Step.Forward] says they shall.
///
/// New entries go before those they stand for are taken away, so that there is no moment at which a station that only
/// moved is at no host.
final class ForwardingTable {
    private ForwardingTable() {}

    /// The changes that make it so, in order; none if it is.
    static List<Request> changes(Step.Forward wanted, Link device, Link bridge, Seen seen) {
        var changes = new ArrayList<Request>();
        forwarding(wanted, device, seen.stations(device), changes);
        answers(wanted, bridge, seen.neighbors(bridge), changes);
        return changes;
    }

    private static void forwarding(
            Step.Forward wanted, Link device, Collection<FdbEntry> present, List<Request> changes) {
        var ours = present.stream().filter(ForwardingTable::isSet).collect(toSet());
        var entries = new HashSet<FdbEntry>();
        for (var station : wanted.stations()) {
            entries.add(FdbEntry.tunnel(device.index(), station.mac(), station.host()));
            entries.add(FdbEntry.port(device.index(), station.mac()).externallyLearned());
        }
        entries.stream()
                .filter(entry -> !ours.contains(entry))
                .map(Request::replaceFdb)
                .forEach(changes::add);
        for (var host : wanted.flood()) {
            var entry = FdbEntry.flood(device.index(), host);
            entries.add(entry);
            if (!ours.contains(entry)) {
                changes.add(Request.appendFdb(entry));
            }
        }
        var replaced = changedPlaces(entries);
        ours.stream()
                .filter(entry -> !entries.contains(entry) && !replaced.contains(place(entry)))
                .map(Request::deleteFdb)
                .forEach(changes::add);
    }

    /// A device has one entry for a station, which a new one takes the place of; for flooding it has many.
    private record Place(FdbEntry.Table table, String mac) {}

    private static Place place(FdbEntry entry) {
        return new Place(entry.table(), entry.mac().toString());
    }

    private static Set<Place> changedPlaces(Set<FdbEntry> entries) {
        return entries.stream()
                .filter(entry -> !entry.mac().equals(FdbEntry.UNKNOWN_STATIONS))
                .map(ForwardingTable::place)
                .collect(toSet());
    }

    /// Not the device's own address, which the bridge has by itself.
    private static boolean isSet(FdbEntry entry) {
        return entry.table() == FdbEntry.Table.SELF || entry.state() != FdbEntry.State.PERMANENT;
    }

    private static void answers(Step.Forward wanted, Link bridge, Collection<Neighbor> present, List<Request> changes) {
        var ours = present.stream()
                .filter(neighbor -> neighbor.state() == Neighbor.State.PERMANENT)
                .collect(toSet());
        var entries = new HashSet<Neighbor>();
        for (var station : wanted.stations()) {
            station.addresses()
                    .forEach(address -> entries.add(Neighbor.permanent(bridge.index(), address, station.mac())));
        }
        entries.stream()
                .filter(entry -> !ours.contains(entry))
                .map(Request::replaceNeighbor)
                .forEach(changes::add);
        var addresses = entries.stream().map(Neighbor::address).collect(toSet());
        ours.stream()
                .filter(neighbor -> !addresses.contains(neighbor.address()))
                .map(Request::deleteNeighbor)
                .forEach(changes::add);
    }
}
