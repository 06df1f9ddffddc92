package dev.weft.drivers.plan;

import static java.util.stream.Collectors.joining;

import dev.weft.drivers.plan.Kernel.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Steps in the order in which they are applied.
public record Plan(List<Step> steps) {
    public Plan {
        steps = List.copyOf(steps);
    }

    public static Plan of(Step... steps) {
        return new Plan(List.of(steps));
    }

    /// This plan, then the other.
    public Plan then(Plan next) {
        var all = new ArrayList<>(steps);
        all.addAll(next.steps);
        return new Plan(all);
    }

    /// This plan less some steps.
    public Plan without(Set<Step> left) {
        return new Plan(steps.stream().filter(step -> !left.contains(step)).toList());
    }

    /// Applies the steps in order. If one fails, those that created something are undone, last first; what was there
    /// before, mended or not, stays.
    ///
    /// @return the steps that changed something; the others found everything as they wanted it
    public List<Step> applyTo(Kernel kernel) {
        var changed = new ArrayList<Step>();
        var created = new ArrayDeque<Step>();
        try {
            for (var step : steps) {
                var outcome = kernel.apply(step);
                if (outcome != Outcome.FOUND) {
                    changed.add(step);
                }
                if (outcome == Outcome.CREATED) {
                    created.push(step);
                }
            }
        } catch (RuntimeException failure) {
            for (var step : created) {
                try {
                    kernel.undo(step);
                } catch (RuntimeException leftover) {
                    failure.addSuppressed(leftover);
                }
            }
            throw failure;
        }
        return List.copyOf(changed);
    }

    /// Undoes every step, last first, whoever applied it and whether or not it is still in force. A failure does not
    /// stop the others; the first is thrown at the end, with the rest as suppressed.
    public void undoIn(Kernel kernel) {
        @Nullable RuntimeException first = null;
        for (var step : steps.reversed()) {
            try {
                kernel.undo(step);
            } catch (RuntimeException failure) {
                if (first == null) {
                    first = failure;
                } else {
                    first.addSuppressed(failure);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    /// The commands of ip(8) that would do the same, a line each.
    @Override
    public String toString() {
        return steps.stream().map(Step::toString).collect(joining("\n"));
    }
}
