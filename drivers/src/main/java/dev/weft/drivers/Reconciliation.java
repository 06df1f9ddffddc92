package dev.weft.drivers;

import dev.weft.drivers.plan.Step;
import java.util.List;
import java.util.Set;

/// What comparing the registry with the kernel came to.
///
/// @param repairs   the steps that changed something
/// @param removed   what was left of endpoints that are known to have left, by the alias of its links
/// @param problems  what could not be mended, a sentence each
/// @param strangers aliases of links that bear Weft's mark and are of nothing on record: the state was lost or
///                  exchanged, and containers may still use them
public record Reconciliation(List<Step> repairs, List<String> removed, List<String> problems, Set<String> strangers) {
    public Reconciliation {
        repairs = List.copyOf(repairs);
        removed = List.copyOf(removed);
        problems = List.copyOf(problems);
        strangers = Set.copyOf(strangers);
    }
}
