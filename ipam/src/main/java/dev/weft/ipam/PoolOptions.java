package dev.weft.ipam;

import static dev.weft.plugin.Refusal.quoted;

import dev.weft.plugin.Refusal;
import dev.weft.state.SharedNetwork;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/// The `--ipam-opt` pairs of `docker network create`, checked.
///
/// @param given        as they were, without swarm's own
/// @param prefixLength of subnets that Weft chooses; it says nothing of those that are named
/// @param fromSwarm    whether swarm asks, which asks for the same again and again
record PoolOptions(Map<String, String> given, OptionalInt prefixLength, boolean fromSwarm) {
    private static final String PREFIX_LENGTH = "prefix_length";
    /// Swarm adds it to what it asks of IPAM drivers: swarmkit's networkallocator, `SerialAlloc`.
    private static final String SERIAL = "com.docker.network.ipam.serial";

    /// @throws Refusal with all mistakes
    static PoolOptions parse(Map<String, String> options) {
        var given = new HashMap<>(options);
        boolean fromSwarm = given.remove(SERIAL) != null;
        var prefixLength = OptionalInt.empty();
        var problems = new ArrayList<String>();
        for (var option : new TreeMap<>(given).entrySet()) {
            if (option.getKey().equals(SharedNetwork.OPTION)) {
                continue; // that of a network which Weft itself makes
            }
            if (!option.getKey().equals(PREFIX_LENGTH)) {
                problems.add("unknown --ipam-opt " + quoted(option.getKey()) + "; known: " + PREFIX_LENGTH);
            } else if (option.getValue().matches("[1-9][0-9]{0,2}")) {
                prefixLength = OptionalInt.of(Integer.parseInt(option.getValue()));
            } else {
                problems.add("--ipam-opt " + PREFIX_LENGTH + " is " + quoted(option.getValue())
                        + "; give a number of bits, such as 24");
            }
        }
        if (!problems.isEmpty()) {
            throw new Refusal(String.join("; ", problems) + ".");
        }
        return new PoolOptions(Map.copyOf(given), prefixLength, fromSwarm);
    }
}
