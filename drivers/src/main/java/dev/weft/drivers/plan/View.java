package dev.weft.drivers.plan;

import java.util.Set;

/// The kernel's networking as it was at one moment, read at one go.
public interface View {
    /// Whether all is as the step says: applying it would change nothing.
    boolean holds(Step step);

    /// The aliases of all links of ours in the fabric namespace, and of those in the host's that belong to a LAN: with
    /// the same one there may be several.
    Set<String> aliases();
}
