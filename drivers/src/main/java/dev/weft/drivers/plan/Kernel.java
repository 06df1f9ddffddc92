package dev.weft.drivers.plan;

import java.util.Optional;
import java.util.Set;

/// What steps are done to. Any thread may call.
public interface Kernel {
    /// Makes things as the step says, mending what differs.
    ///
    /// @return whether anything had to be changed
    /// @throws RuntimeException with a sentence if the kernel refuses, or if a link of that name is not ours
    boolean apply(Step step);

    /// Takes away what the step makes; nothing there is no error.
    ///
    /// @throws RuntimeException with a sentence if the kernel refuses, or if a link of that name is not ours
    void undo(Step step);

    /// Whether the host's own network namespace has a link of that name, as one has that no engine has moved yet.
    boolean hostHas(String link);

    /// The aliases of all links that we made in the fabric namespace.
    Set<String> fabricAliases();

    /// Removes the link in the fabric namespace that bears this alias of ours.
    ///
    /// @return its name, or empty if there is none
    Optional<String> removeFromFabric(String alias);
}
