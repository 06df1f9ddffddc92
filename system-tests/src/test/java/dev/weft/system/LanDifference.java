package dev.weft.system;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// In what containers of Weft's are not as those of Docker's own driver.
///
/// @param engine  where that is so; empty: everywhere
/// @param network likewise, see [LanCase#toString()]
/// @param reason  as docs/modes.md has it
record LanDifference(String engine, String network, String field, String theirs, String ours, String reason) {
    private static final String MISSING = "missing";

    private static final String MTU = "`com.docker.network.driver.mtu` counts";
    private static final String NO_WAY_OUT = "Without a parent there is no default route";
    private static final String ANY_ENGINE = "`ipvlan_mode=l3s` and `ipvlan_flag` work with any engine";

    static final List<LanDifference> KNOWN = List.of(
            everywhere("link eth0 txqlen", MISSING, "1000", "`qlen 1000`, the kernel's own value, instead of none"),
            in("", "macvlan: an MTU", "link eth0 mtu", "1500", "1400", MTU),
            in("", "macvlan: an MTU", "sysctl ipv6/conf/eth0/mtu", "1500", "1400", MTU),
            in("20.10", "ipvlan: l3s", "docker network create", "fails", "works", ANY_ENGINE),
            in("20.10", "ipvlan: l3s", "docker run", MISSING, "works", ANY_ENGINE),
            in("20.10", "ipvlan: private", "link eth0 linkinfo info_data bridge", "true", MISSING, ANY_ENGINE),
            in("20.10", "ipvlan: private", "link eth0 linkinfo info_data private", MISSING, "true", ANY_ENGINE),
            in("20.10", "ipvlan: private", "container reaches 10.77.0.102", "yes", "no", ANY_ENGINE),
            in("20.10", "ipvlan: vepa", "link eth0 linkinfo info_data bridge", "true", MISSING, ANY_ENGINE),
            in("20.10", "ipvlan: vepa", "link eth0 linkinfo info_data vepa", MISSING, "true", ANY_ENGINE),
            in("20.10", "ipvlan: vepa", "container reaches 10.77.0.102", "yes", "no", ANY_ENGINE),
            in("20.10", "ipvlan: no parent", "inspect Gateway", "10.65.0.1", "", NO_WAY_OUT),
            in("20.10", "ipvlan: no parent", "route default via 10.65.0.1 dev eth0", "is there", MISSING, NO_WAY_OUT),
            in("20.10", "macvlan: no parent", "inspect Gateway", "10.65.0.1", "", NO_WAY_OUT),
            in("20.10", "macvlan: no parent", "route default via 10.65.0.1 dev eth0", "is there", MISSING, NO_WAY_OUT));

    private static LanDifference everywhere(String field, String theirs, String ours, String reason) {
        return new LanDifference("", "", field, theirs, ours, reason);
    }

    private static LanDifference in(
            String engine, String network, String field, String theirs, String ours, String reason) {
        return new LanDifference(engine, network, field, theirs, ours, reason);
    }

    /// Compares, and says what is not known and what is no longer so.
    static void compare(String engine, LanCase network, Map<String, String> theirs, Map<String, String> ours) {
        var differing = differing(theirs, ours);
        var known = KNOWN.stream()
                .filter(each -> each.engine.isEmpty() || each.engine.equals(engine))
                .filter(each -> each.network.equals(network.toString())
                        || each.network.isEmpty() && differing.contains(each.line()))
                .map(LanDifference::line)
                .collect(toSet());
        assertThat(differing).isEqualTo(known);
    }

    /// Where one of the two had no containers there is nothing of them to compare.
    private static Set<String> differing(Map<String, String> theirs, Map<String, String> ours) {
        boolean bothWereLookedAt = theirs.containsKey("inspect Gateway") && ours.containsKey("inspect Gateway");
        return Stream.of(theirs, ours)
                .flatMap(fields -> fields.keySet().stream())
                .distinct()
                .filter(field -> bothWereLookedAt || field.startsWith("docker ") || field.startsWith("links left"))
                .map(field -> new LanDifference(
                        "", "", field, theirs.getOrDefault(field, MISSING), ours.getOrDefault(field, MISSING), ""))
                .filter(both -> !both.theirs.equals(both.ours))
                .map(LanDifference::line)
                .collect(toSet());
    }

    private String line() {
        return field + ": " + theirs + " with Docker's own driver, " + ours + " with Weft";
    }
}
