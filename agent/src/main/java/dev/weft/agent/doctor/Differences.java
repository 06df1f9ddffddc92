package dev.weft.agent.doctor;

import java.util.ArrayList;
import java.util.List;

/// What is on record and is not so in the kernel.
final class Differences {
    private Differences() {}

    static List<Finding> of(Snapshot facts) {
        var findings = new ArrayList<Finding>();
        for (var deviation : facts.kernel().deviations()) {
            findings.add(Finding.error(
                    "difference",
                    deviation.step().toString(),
                    deviation.whose() + " is not as recorded, and this would mend it: " + deviation.step()
                            + ". The agent does so by itself; if it has not, 'weft reconcile' says why."));
        }
        for (var problem : facts.notMended()) {
            findings.add(Finding.error("not-mended", problem, problem));
        }
        return findings;
    }
}
