package dev.weft.state;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/// A copy of the store in a file of its own, which takes the place of no other.
final class Backup {
    private static final String MARK = ".leaving-";
    private static final Pattern LEAVING = Pattern.compile(".*" + Pattern.quote(MARK) + "[0-9]+");
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private Backup() {}

    static void refuseIfThere(Path copy) {
        if (Files.exists(copy, LinkOption.NOFOLLOW_LINKS)) {
            throw new StateException(
                    "cannot back up the state to " + copy + ": there is such a file. Give another name.");
        }
    }

    /// @param file what it is a copy of
    /// @throws StateException if it cannot be written, or if there is a file of that name
    static void write(Image image, Path file, Path copy) {
        write(image.bytes(), file, copy);
    }

    private static void write(byte[] bytes, Path file, Path copy) {
        try {
            WholeFile.writeNew(copy, bytes);
        } catch (FileAlreadyExistsException there) {
            refuseIfThere(copy);
            throw failed(file, copy, there);
        } catch (IOException failure) {
            throw failed(file, copy, failure);
        }
    }

    /// Writes a copy into a folder, under a name that no other has. Earlier ones, which nobody has taken
    /// away, are removed.
    static Path writeInto(Path folder, Image image, Path file) {
        removeFrom(folder, file);
        var copy = folder.resolve(file.getFileName() + MARK + NUMBER.incrementAndGet());
        write(image, file, copy);
        return copy;
    }

    private static void removeFrom(Path folder, Path file) {
        try (var left = Files.newDirectoryStream(folder, file.getFileName() + MARK + "*")) {
            for (var copy : left) {
                if (LEAVING.matcher(copy.toString()).matches()) {
                    Files.deleteIfExists(copy);
                }
            }
        } catch (IOException | DirectoryIteratorException failure) {
            throw new StateException(
                    "cannot remove the copies of " + file + " that nobody took from " + folder + ": "
                            + StateException.reason(failure) + ". Remove them.",
                    failure);
        }
    }

    /// @param copy one of [#writeInto], which is gone afterwards, whether or not it could be moved
    static void move(Path copy, Path target) {
        var name = copy.toString();
        var file = Path.of(name.substring(0, Math.max(0, name.lastIndexOf(MARK))));
        try {
            write(Files.readAllBytes(copy), file, target);
        } catch (NoSuchFileException taken) {
            throw new StateException(
                    "cannot back up the state to " + target + ": another backup was made meanwhile. Try again.", taken);
        } catch (IOException failure) {
            throw failed(file, target, failure);
        } finally {
            deleteQuietly(copy);
        }
    }

    /// The agent removes it otherwise, when it makes the next.
    private static void deleteQuietly(Path copy) {
        try {
            Files.deleteIfExists(copy);
        } catch (IOException failure) {
            System.getLogger(Backup.class.getName())
                    .log(System.Logger.Level.WARNING, "left {0} behind: {1}", copy, failure);
        }
    }

    static StateException failed(Path file, Path copy, Exception failure) {
        return new StateException(
                "cannot back up the state in " + file + " to " + copy + ": " + StateException.reason(failure)
                        + ". Check that the folder is there, writable and not full.",
                failure);
    }
}
