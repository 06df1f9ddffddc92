package dev.weft.drivers.plan;

import dev.weft.inet.MacAddress;
import java.util.Optional;

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

    /// Takes away what the step makes; nothing there is no error, and a link of that name that is not ours stays.
    ///
    /// @throws RuntimeException with a sentence if the kernel refuses
    void undo(Step step);

    /// Removes every link of the fabric with that alias, and every one of the host's that belongs to a LAN.
    ///
    /// @param alias of links of ours
    /// @return how many there were
    int remove(String alias);

    /// Whether the host's own network namespace has a link of that name, as one has that no engine has moved yet.
    boolean hostHas(String link);

    /// Reads everything that steps speak of.
    View view();

    /// What the link with that alias, or else that MAC address, is called in a sandbox; empty if there is none, or no
    /// such sandbox.
    Optional<String> nameInSandbox(String sandbox, String alias, MacAddress mac);
}
