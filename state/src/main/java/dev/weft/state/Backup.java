package dev.weft.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/// A copy of the store in a file of its own, which takes the place of no other.
final class Backup {
    private Backup() {}

    static void refuseIfThere(Path copy) {
        if (Files.exists(copy, LinkOption.NOFOLLOW_LINKS)) {
            throw new StateException(
                    "cannot back up the state to " + copy + ": there is such a file. Give another name.");
        }
    }

    /// @param file what it is a copy of
    static void write(Image image, Path file, Path copy) {
        try {
            WholeFile.write(copy, image.bytes());
        } catch (IOException failure) {
            throw failed(file, copy, failure);
        }
    }

    static StateException failed(Path file, Path copy, Exception failure) {
        return new StateException(
                "cannot back up the state in " + file + " to " + copy + ": " + StateException.reason(failure)
                        + ". Check that the folder is there, writable and not full.",
                failure);
    }
}
