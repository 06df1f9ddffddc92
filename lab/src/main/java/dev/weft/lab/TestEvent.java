package dev.weft.lab;

/// What happened to a test inside a kernel, as a line of the file by which the outside learns it.
///
/// @param id JUnit's unique id of the test, which is the same on both sides; empty for the end
/// @param text why, with the stack trace of a failure; empty if there is nothing to say
record TestEvent(Kind kind, String id, String text) {
    /// What can happen.
    enum Kind {
        /// A test begins.
        STARTED,
        PASSED,
        FAILED,
        /// A test was skipped, or gave up for want of something.
        SKIPPED,
        /// Something around the tests has failed: a class, a method before all tests.
        BROKEN,
        /// There is nothing left to run.
        ENDED
    }

    String line() {
        return kind + "\t" + id + "\t" + escape(text) + "\n";
    }

    static TestEvent of(String line) {
        var fields = line.split("\t", -1);
        return new TestEvent(Kind.valueOf(fields[0]), fields[1], fields[2].translateEscapes());
    }

    private static String escape(String text) {
        return text.replace("\\", "\\\\")
                .replace("\n", "\\n")
                .replace("\r", "\\r")
                .replace("\t", "\\t");
    }
}
