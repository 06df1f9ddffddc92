package dev.weft.lab;

/// What became of a program that ran to its end.
///
/// @param command as a person would type it
/// @param exitCode 128 + the signal's number if a signal ended it
public record Result(String command, int exitCode, String out, String err) {
    /// This result, if the program succeeded.
    ///
    /// @throws LabException with everything the program printed, if its exit code is not 0
    public Result ok() {
        if (exitCode != 0) {
            throw new LabException("'" + command + "' ended with " + exitCode + ":\n" + err + out);
        }
        return this;
    }

    /// Standard output without the white space around it.
    public String text() {
        return out.strip();
    }
}
