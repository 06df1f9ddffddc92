package dev.weft.agent.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/// Looks at a host, and tells what is not in order. What there is only for a moment is not told: a container that is
/// just starting has an address before it has an endpoint.
public final class Doctor {
    /// Between two looks: longer than a call of an engine takes, and than it takes to mend a link.
    private static final Duration MOMENT = Duration.ofSeconds(2);

    private static final Comparator<Finding> WORST_FIRST =
            Comparator.comparing(Finding::severity).thenComparing(Finding::code).thenComparing(Finding::subject);

    static final List<Check> CHECKS = List.of(
            Differences::of,
            Leaks::of,
            AddressPressure::of,
            MtuCheck::of,
            BridgeNetfilter::of,
            HostFirewall::of,
            GatewayBridgeCheck::of,
            VersionCheck::of,
            EngineCheck::of,
            ClockCheck::of,
            StateFolderCheck::of,
            SocketCheck::of);

    private Doctor() {}

    /// Takes some seconds if there is anything to be told.
    ///
    /// @param client version of the Weft that asks; empty if it does not say
    /// @return the worst first
    public static List<Finding> examine(Patient patient, String client) {
        return confirmed(() -> Look.at(patient, client), MOMENT);
    }

    /// What two looks find, as the second one sees it.
    static List<Finding> confirmed(Supplier<Snapshot> look, Duration between) {
        var first = findings(look.get());
        if (first.isEmpty()) {
            return first;
        }
        try {
            Thread.sleep(between);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return first;
        }
        return findings(look.get()).stream()
                .filter(finding -> first.stream().anyMatch(finding::isAgain))
                .toList();
    }

    static List<Finding> findings(Snapshot facts) {
        var findings = new ArrayList<Finding>();
        CHECKS.forEach(check -> findings.addAll(check.of(facts)));
        return findings.stream().sorted(WORST_FIRST).toList();
    }
}
