package dev.weft.state;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// The number of the last commit that was acknowledged, in a small file of its own: a log that ends too early, or that
/// is not there, looks like any other. The number is not synced, for that would cost as much as a commit: after a power
/// loss it can be that of an earlier commit, never of a later one.
record AcknowledgedCommits(Path file) {
    /// 0 if there is no such file, or no number in it.
    long last() throws IOException {
        var text = Files.exists(file) ? Files.readString(file, ISO_8859_1).strip() : "";
        return text.matches("\\d{19}") ? Long.parseLong(text) : 0;
    }

    /// From now on they are counted from this one, which is on disk.
    void countFrom(long commit) throws IOException {
        try (var channel =
                FileChannel.open(file, Set.of(CREATE, WRITE), PosixFilePermissions.asFileAttribute(WholeFile.OWNER))) {
            channel.write(text(commit));
            channel.force(true);
        }
    }

    /// A commit is no less on disk for a number that is not; so a failure is only told.
    void acknowledge(long commit) {
        try (var channel = FileChannel.open(file, WRITE)) {
            channel.write(text(commit));
        } catch (IOException failure) {
            System.getLogger(AcknowledgedCommits.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "cannot count the commits of the state: {0}",
                            StateException.reason(failure));
        }
    }

    private static ByteBuffer text(long commit) {
        return ByteBuffer.wrap("%019d\n".formatted(commit).getBytes(ISO_8859_1));
    }
}
