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

    static final List<LanDifference> KNOWN = List.of(
            new LanDifference(
                    "",
                    "",
                    "link eth0 txqlen",
                    MISSING,
                    "1000",
                    "`qlen 1000`, the kernel's own value, instead of none"),
            new LanDifference(
                    "", "macvlan: an MTU", "link eth0 mtu", "1500", "1400", "`com.docker.network.driver.mtu` counts"),
            new LanDifference(
                    "",
                    "macvlan: an MTU",
                    "sysctl ipv6/conf/eth0/mtu",
                    "1500",
                    "1400",
                    "`com.docker.network.driver.mtu` counts"));

    /// Compares and says what is not known.
    static void compare(String engine, LanCase network, Map<String, String> theirs, Map<String, String> ours) {
        var differing = differing(theirs, ours);
        var expected = KNOWN.stream()
                .filter(known -> known.engine.isEmpty() || known.engine.equals(engine))
                .filter(known -> known.network.isEmpty() || known.network.equals(network.toString()))
                .toList();
        var of = expected.stream()
                .filter(known -> !known.network.isEmpty() || differing.contains(known.line()))
                .map(LanDifference::line)
                .collect(toSet());
        assertThat(differing).isEqualTo(of);
    }

    private static Set<String> differing(Map<String, String> theirs, Map<String, String> ours) {
        return Stream.of(theirs, ours)
                .flatMap(fields -> fields.keySet().stream())
                .distinct()
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
