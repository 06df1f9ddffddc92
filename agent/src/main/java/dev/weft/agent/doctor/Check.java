package dev.weft.agent.doctor;

import java.util.List;

/// Looks at the facts for one kind of trouble.
@FunctionalInterface
interface Check {
    /// Empty if all is in order.
    List<Finding> of(Snapshot facts);
}
