package dev.weft.drivers;

import static java.util.function.Predicate.not;
import static java.util.stream.Collectors.joining;

import dev.weft.drivers.mode.Modes;
import dev.weft.drivers.plan.Plan;
import dev.weft.drivers.plan.Step;
import dev.weft.drivers.plan.View;
import dev.weft.inet.MacAddress;
import dev.weft.state.NetworkRecord;
import dev.weft.state.Registry;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A MAC address that several in a network were given. A bridge knows one of them alone, the last to join, as a switch
/// does; to mend the others would take it from that one, and so on for ever.
///
/// @param titles in order
record SharedMac(MacAddress mac, List<String> titles) {
    private record Holder(String title, Step.AddStation station) {
        static Stream<Holder> of(String title, Plan plan) {
            return plan.steps().stream()
                    .filter(Step.AddStation.class::isInstance)
                    .map(step -> new Holder(title, (Step.AddStation) step));
        }
    }

    /// Empty unless the step is that of a station whose MAC address the bridge has of another on record.
    static Optional<SharedMac> takenFrom(
            Step missing, NetworkRecord network, Registry registry, Modes modes, View view) {
        if (!(missing instanceof Step.AddStation station)) {
            return Optional.empty();
        }
        var endpoints = registry.endpointsOf(network.id()).stream()
                .filter(endpoint -> endpoint.joined() && endpoint.mac().equals(station.mac()))
                .flatMap(endpoint ->
                        Holder.of(endpoint.title(), modes.of(network).attachment(network, endpoint)));
        var holders = Stream.concat(Holder.of("the host", modes.of(network).network(network)), endpoints)
                .filter(holder -> holder.station().mac().equals(station.mac()))
                .toList();
        return holders.stream()
                .map(Holder::station)
                .filter(not(station::equals))
                .filter(view::holds)
                .findAny()
                .map(taker -> new SharedMac(
                        station.mac(),
                        holders.stream().map(Holder::title).sorted().toList()));
    }

    /// The same one, whichever of them lacks its station.
    String sentence() {
        return titles.stream().collect(joining(" and ")) + " have the same MAC address " + mac
                + ", and the last to join gets what is for it; give one of them another --mac-address.";
    }
}
