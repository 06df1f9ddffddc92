package dev.weft.drivers.plan;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// A kernel that only remembers: what is in force, and everything that was done to it, in order.
public final class RecordingKernel implements Kernel {
    public final Set<Step> inForce = new LinkedHashSet<>();
    public final List<String> log = new ArrayList<>();
    public final Set<String> strayAliases = new LinkedHashSet<>();
    private final Set<Step> damaged = new LinkedHashSet<>();
    private Predicate<Step> failing = step -> false;
    private Predicate<Step> stuck = step -> false;
    private boolean engineMovesLinks;

    /// From now on applying such a step fails.
    public void failOn(Predicate<Step> steps) {
        failing = steps;
    }

    /// From now on undoing such a step fails.
    public void stickOn(Predicate<Step> steps) {
        stuck = steps;
    }

    /// As when an engine has taken the containers' ends of all pairs into sandboxes.
    public void moveLinks(boolean moved) {
        engineMovesLinks = moved;
    }

    @Override
    public Outcome apply(Step step) {
        if (failing.test(step)) {
            throw new LinkConflict("x", "refuses " + step.getClass().getSimpleName());
        }
        if (inForce.contains(step)) {
            return Outcome.FOUND;
        }
        inForce.add(step);
        log.add("apply " + step);
        if (step instanceof Step.CreateVeth) {
            engineMovesLinks = false;
        }
        return damaged.remove(step) ? Outcome.MENDED : Outcome.CREATED;
    }

    /// As when a person changed what the step had made.
    public void damage(Step step) {
        inForce.remove(step);
        damaged.add(step);
    }

    @Override
    public void undo(Step step) {
        if (stuck.test(step)) {
            throw new LinkConflict("x", "does not let go of " + step.getClass().getSimpleName());
        }
        if (inForce.remove(step)) {
            log.add("undo " + step);
        }
    }

    @Override
    public boolean hostHas(String link) {
        return !engineMovesLinks
                && inForce.stream()
                        .anyMatch(step -> step instanceof Step.CreateVeth veth
                                && veth.containerEnd().equals(link));
    }

    @Override
    public Set<String> fabricAliases() {
        var aliases = new LinkedHashSet<>(strayAliases);
        for (var step : inForce) {
            switch (step) {
                case Step.CreateBridge bridge -> aliases.add(bridge.alias());
                case Step.CreateVeth veth -> aliases.add(veth.alias());
                case Step.AttachPort port -> aliases.add(port.alias());
            }
        }
        return aliases;
    }
}
