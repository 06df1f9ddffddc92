package dev.weft.ipam;

import dev.weft.inet.AddressText;
import dev.weft.state.AddressRecord;
import dev.weft.state.EndpointRecord;
import java.util.Optional;

/// An address that is given, and that somebody asks for by name.
///
/// @param shared   whether the address space is one in which whoever asks again gets the same (swarm's)
/// @param endpoint that has it, on record
/// @param kept     whether it is somebody's of whom nothing is on record
record Held(AddressRecord address, boolean shared, Optional<EndpointRecord> endpoint, boolean kept) {
    /// Why it cannot be given again; empty if it can.
    Optional<String> refusal(boolean asGateway) {
        var text = AddressText.of(address.address());
        if (shared || (asGateway && address.isGateway())) {
            return Optional.empty();
        }
        if (address.isGateway()) {
            return Optional.of("address " + text + " is the gateway of its subnet; give another one, or create the"
                    + " network with another --gateway.");
        }
        if (endpoint.isPresent()) {
            return Optional.of("address " + text + " is held by " + holder(endpoint.get())
                    + "; give another one, or remove that container first.");
        }
        if (kept) {
            return Optional.of("address " + text + " is given already, as an --aux-address or to a container; give"
                    + " another one, or remove that container first.");
        }
        return Optional.empty();
    }

    /// `container web (endpoint 0123456789ab)`.
    private static String holder(EndpointRecord endpoint) {
        var id = endpoint.id().substring(0, Math.min(12, endpoint.id().length()));
        return endpoint.container() == null
                ? "endpoint " + id
                : "container " + endpoint.container() + " (endpoint " + id + ")";
    }
}
