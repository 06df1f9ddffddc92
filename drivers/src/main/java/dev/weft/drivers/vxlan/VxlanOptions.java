package dev.weft.drivers.vxlan;

import static dev.weft.plugin.Refusal.quoted;

import dev.weft.plugin.Refusal;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Options of `docker network create -d weft [-o mode=vxlan] -o …`, checked once and then trusted.
///
/// @param mtu bytes of an IP packet inside the network
record VxlanOptions(int mtu) {
    private static final String MTU = "com.docker.network.driver.mtu";
    private static final Set<String> KNOWN = Set.of("mode", MTU);

    /// Below this an IPv4 host need not forward (RFC 791, section 3.2).
    private static final int SMALLEST_IPV4 = 68;

    /// Below this there is no IPv6 (RFC 8200, section 5).
    private static final int SMALLEST_IPV6 = 1280;

    /// Unknown options that one sentence names.
    private static final int NAMED = 5;

    /// Reads the options, reporting every mistake at once.
    static VxlanOptions parse(Map<String, String> raw, boolean ipv6, Underlay underlay) {
        var problems = new ArrayList<String>();
        var unknown = new TreeSet<>(raw.keySet());
        unknown.removeAll(KNOWN);
        unknown.stream()
                .limit(NAMED)
                .map(key -> "unknown option " + quoted(key) + "; known: " + String.join(", ", new TreeSet<>(KNOWN)))
                .forEach(problems::add);
        if (unknown.size() > NAMED) {
            problems.add((unknown.size() - NAMED) + " more unknown options");
        }
        int smallest = ipv6 ? SMALLEST_IPV6 : SMALLEST_IPV4;
        int mtu = underlay.insideMtu();
        var given = raw.get(MTU);
        if (given != null) {
            mtu = number(given);
            if (mtu < smallest || mtu > underlay.insideMtu()) {
                problems.add("option '" + MTU + "' is " + quoted(given) + "; it is the MTU inside the network, from "
                        + smallest + " to " + underlay.insideMtu() + " on this host (" + underlay + ")");
            }
        } else if (mtu < smallest) {
            problems.add(underlay + " leaves " + mtu + " bytes inside the network, and IP needs " + smallest);
        }
        if (!problems.isEmpty()) {
            throw new Refusal("cannot create the network: " + String.join("; ", problems) + ".");
        }
        return new VxlanOptions(mtu);
    }

    /// -1 for what is no number: outside every range.
    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException notANumber) {
            return -1;
        }
    }
}
