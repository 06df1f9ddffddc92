package dev.weft.agent;

import java.util.Optional;

/// Which Weft this is.
final class Version {
    private Version() {}

    /// As in the jar's manifest; `development` when it runs from class files.
    static String current() {
        return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                .orElse("development");
    }
}
