package dev.weft.drivers;

import dev.weft.drivers.plan.Step;
import java.util.List;

/// What one comparison of what should exist with what does has come to.
///
/// @param repairs  steps that had to be applied again
/// @param removed  names of links that were removed because their endpoints are known to have left
/// @param problems sentences about what could not be mended
public record Reconciliation(List<Step> repairs, List<String> removed, List<String> problems) {
    public Reconciliation {
        repairs = List.copyOf(repairs);
        removed = List.copyOf(removed);
        problems = List.copyOf(problems);
    }
}
