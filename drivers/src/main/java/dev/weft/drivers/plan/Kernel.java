package dev.weft.drivers.plan;

import java.util.Set;

/// What steps are done to. Any thread may call.
public interface Kernel {
    /// What applying a step came to.
    enum Outcome {
        /// Everything was as the step says.
        FOUND,
        /// It was there, and was changed to what the step says.
        MENDED,
        CREATED
    }

    /// Makes things as the step says, mending what differs.
    ///
    /// @throws RuntimeException with a sentence if the kernel refuses, or if a link of that name is not ours
    Outcome apply(Step step);

    /// Takes away what the step makes; nothing there is no error.
    ///
    /// @throws RuntimeException with a sentence if the kernel refuses, or if a link of that name is not ours
    void undo(Step step);

    /// Whether the host's own network namespace has a link of that name, as one has that no engine has moved yet.
    boolean hostHas(String link);

    /// The aliases of all links that we made in the fabric namespace.
    Set<String> fabricAliases();
}
