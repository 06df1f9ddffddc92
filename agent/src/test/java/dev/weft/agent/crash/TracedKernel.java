package dev.weft.agent.crash;

import dev.weft.drivers.plan.Kernel;
import dev.weft.drivers.plan.Step;
import dev.weft.drivers.plan.View;
import dev.weft.inet.MacAddress;
import java.util.Optional;

/// A kernel with a point after each change, and one that can be told to refuse.
final class TracedKernel implements Kernel {
    private final Kernel kernel;
    private final Points points;
    private final Runnable refusal;
    private volatile String refused = "";
    private volatile int begin = -1;

    /// @param refusal throws what a kernel throws
    TracedKernel(Kernel kernel, Points points, Runnable refusal) {
        this.kernel = kernel;
        this.points = points;
        this.refusal = refusal;
    }

    /// @param what    `apply` or `undo` and a kind of step: those are refused from now on, and what was before is not
    /// @param beginAt the number for [Points#begin] at the first refusal; -1: points count or do not as before
    void refuse(String what, int beginAt) {
        begin = beginAt;
        refused = what;
    }

    private void check(String what) {
        if (!what.equals(refused)) {
            return;
        }
        if (begin >= 0) {
            points.begin(begin);
            begin = -1;
        }
        refusal.run();
    }

    private static String kind(Step step) {
        return step.getClass().getSimpleName();
    }

    @Override
    public Outcome apply(Step step) {
        check("apply " + kind(step));
        points.step("applying " + kind(step));
        Outcome outcome;
        try {
            outcome = kernel.apply(step);
        } finally {
            points.stepEnds();
        }
        if (outcome != Outcome.FOUND) {
            points.reach("applied " + kind(step));
        }
        return outcome;
    }

    @Override
    public void undo(Step step) {
        check("undo " + kind(step));
        points.step("undoing " + kind(step));
        try {
            kernel.undo(step);
        } finally {
            points.stepEnds();
        }
        if (!(step instanceof Step.NeedParent)) { // which is undone by nothing
            points.reach("undone " + kind(step));
        }
    }

    @Override
    public int remove(String alias) {
        points.step("removing links");
        int removed;
        try {
            removed = kernel.remove(alias);
        } finally {
            points.stepEnds();
        }
        points.reach("removed links");
        return removed;
    }

    @Override
    public boolean hostHas(String link) {
        return kernel.hostHas(link);
    }

    @Override
    public View view() {
        return kernel.view();
    }

    @Override
    public Optional<String> nameInSandbox(String sandbox, String alias, MacAddress mac) {
        return kernel.nameInSandbox(sandbox, alias, mac);
    }
}
