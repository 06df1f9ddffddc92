package dev.weft.agent.cli;

/// How a command of `weft` ends; docs/cli.md tells it to scripts.
final class ExitCodes {
    static final int OK = 0;

    /// It could not be done.
    static final int FAILED = 1;

    /// The command line or the configuration is wrong, and nothing was done.
    static final int MISTYPED = 2;

    /// It was done, and what was looked at is not in order.
    static final int FINDINGS = 3;

    private ExitCodes() {}
}
