package dev.weft.drivers.plan;

import dev.weft.inet.MacAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// A recording kernel that remembers the order too, and that fails where a test wants it to. For one thread.
public final class ScriptedKernel extends RecordingKernel {
    public final Set<Step> inForce = new LinkedHashSet<>();
    public final List<String> log = new ArrayList<>();
    public final Set<String> strayAliases = new LinkedHashSet<>();
    public final Map<String, String> namesByMac = new HashMap<>();
    private final Set<Step> damaged = new LinkedHashSet<>();
    private Predicate<Step> failing = step -> false;
    private Predicate<Step> stuck = step -> false;
    private boolean engineMovesLinks;
    private Runnable beforeView = () -> {};
    private Runnable afterView = () -> {};

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

    /// As when an engine calls just before everything is read.
    public void beforeNextView(Runnable call) {
        beforeView = call;
    }

    /// As when an engine calls just after everything was read.
    public void afterNextView(Runnable call) {
        afterView = call;
    }

    @Override
    public View view() {
        var before = beforeView;
        beforeView = () -> {};
        before.run();
        var view = super.view();
        var after = afterView;
        afterView = () -> {};
        after.run();
        return view;
    }

    @Override
    public Outcome apply(Step step) {
        if (failing.test(step)) {
            throw new LinkConflict("x", "refuses " + step.getClass().getSimpleName());
        }
        if (super.apply(step) == Outcome.FOUND) {
            return Outcome.FOUND;
        }
        inForce.add(made(step));
        log.add("apply " + step);
        if (step instanceof Step.Movable) {
            engineMovesLinks = false;
        }
        return damaged.remove(step) ? Outcome.MENDED : Outcome.CREATED;
    }

    /// As when a person changed what the step had made.
    public void damage(Step step) {
        lose(step);
        damaged.add(step);
    }

    /// As when a person removed what the step had made.
    public void lose(Step step) {
        super.undo(step);
        inForce.remove(step);
    }

    @Override
    public void undo(Step step) {
        if (stuck.test(step)) {
            throw new LinkConflict("x", "does not let go of " + step.getClass().getSimpleName());
        }
        super.undo(step);
        if (inForce.remove(made(step))) {
            log.add("undo " + step);
        }
    }

    @Override
    public boolean hostHas(String link) {
        return !engineMovesLinks && super.hostHas(link);
    }

    @Override
    public Optional<String> nameInSandbox(String sandbox, String alias, MacAddress mac) {
        return Optional.ofNullable(namesByMac.get(mac.toString()));
    }

    /// Removes such links too.
    @Override
    public int remove(String alias) {
        return super.remove(alias) + (strayAliases.remove(alias) ? 1 : 0);
    }

    @Override
    protected Stream<String> strays() {
        return strayAliases.stream();
    }
}
