package dev.weft.state;

/// What table `sealed` says of all other tables, so that a row that is lost, old or changed is noticed.
///
/// @param rows    how many there are
/// @param sum     of the seals of the rows
/// @param commits how often the file has changed since it was made: see [AcknowledgedCommits]
record Seal(long rows, long sum, long commits) {
    static final Seal NONE = new Seal(0, 0, 0);

    Seal with(long row) {
        return new Seal(rows + 1, sum + row, commits);
    }

    Seal without(long row) {
        return new Seal(rows - 1, sum - row, commits);
    }

    /// Likewise, of a file that has changed so often.
    Seal after(long earlierCommits) {
        return new Seal(rows, sum, earlierCommits);
    }

    Seal committed() {
        return new Seal(rows, sum, commits + 1);
    }
}
