package dev.weft.agent.doctor;

/// One thing that is not in order.
///
/// @param code     a word that stays the same from version to version, for scripts
/// @param subject  which of several things of the kind, such as a network's id; empty where there is one only
/// @param sentence what it is, what that means and what to do
public record Finding(String code, Severity severity, String subject, String sentence) {
    /// How bad it is.
    public enum Severity {
        /// Something does not work.
        ERROR,
        /// Something will not work, or may not.
        WARNING
    }

    static Finding error(String code, String subject, String sentence) {
        return new Finding(code, Severity.ERROR, subject, sentence);
    }

    static Finding warning(String code, String subject, String sentence) {
        return new Finding(code, Severity.WARNING, subject, sentence);
    }

    /// Whether both are of the same thing, whatever the figures.
    boolean isAgain(Finding other) {
        return code.equals(other.code) && subject.equals(other.subject);
    }
}
