package dev.weft.drivers;

import java.util.List;
import java.util.Set;

/// What comparing the registry with the kernel shows, with nothing mended.
///
/// @param strangers as in [Reconciliation]
public record Examination(List<Deviation> deviations, Set<String> strangers) {
    public Examination {
        deviations = List.copyOf(deviations);
        strangers = Set.copyOf(strangers);
    }
}
