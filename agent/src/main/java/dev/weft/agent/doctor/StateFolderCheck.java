package dev.weft.agent.doctor;

import java.util.ArrayList;
import java.util.List;

/// A state that cannot be trusted, or will soon not be written.
final class StateFolderCheck {
    private static final long MEBIBYTE = 1L << 20;
    private static final long NEEDED = 64;

    private StateFolderCheck() {}

    static List<Finding> of(Snapshot facts) {
        var findings = new ArrayList<Finding>();
        var state = facts.state();
        if (!state.damage().isEmpty()) {
            findings.add(Finding.error("state-damaged", "", state.damage()));
        }
        if (state.freeBytes() < NEEDED * MEBIBYTE) {
            findings.add(Finding.error(
                    "disk-space",
                    "",
                    "the file system of " + state.folder() + " has " + state.freeBytes() / MEBIBYTE
                            + " MiB free, and below " + NEEDED + " MiB calls of the engine may soon fail. Make room"
                            + " there."));
        }
        return findings;
    }
}
