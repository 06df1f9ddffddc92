package dev.weft.state;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// A file that is there as a whole and durably, or not at all: its bytes are on the disk beside it, under a name that
/// nobody else has, before it takes its place.
final class WholeFile implements AutoCloseable {
    static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rw-------");

    private final Path half;
    private final Path file;
    private boolean placed;

    private WholeFile(Path half, Path file) {
        this.half = half;
        this.file = file;
    }

    /// Writes it, in place of one that is there.
    static void write(Path file, byte[] bytes) throws IOException {
        try (var whole = beside(file, bytes)) {
            whole.takePlace();
        }
        syncFolder(file);
    }

    /// Writes it where nothing is.
    ///
    /// @throws FileAlreadyExistsException if something is there
    static void writeNew(Path file, byte[] bytes) throws IOException {
        try (var whole = beside(file, bytes)) {
            whole.takeFreePlace();
        }
        syncFolder(file);
    }

    /// Its bytes are on the disk then, and what is in its place is still there.
    static WholeFile beside(Path file, byte[] bytes) throws IOException {
        for (int i = 0; ; i++) {
            var half = half(file, i);
            try (var channel =
                    FileChannel.open(half, Set.of(CREATE_NEW, WRITE), PosixFilePermissions.asFileAttribute(OWNER))) {
                return fill(channel, bytes, new WholeFile(half, file));
            } catch (FileAlreadyExistsException another) {
                // of somebody else, or left by a killed process: the next name
            }
        }
    }

    /// The name that is tried first, and what a killed process may have left.
    static Path half(Path file) {
        return half(file, 0);
    }

    private static Path half(Path file, int number) {
        return file.resolveSibling(file.getFileName() + ".new" + (number == 0 ? "" : "-" + number));
    }

    private static WholeFile fill(FileChannel channel, byte[] bytes, WholeFile whole) throws IOException {
        try {
            var rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
            return whole;
        } catch (IOException failure) {
            whole.close();
            throw failure;
        }
    }

    /// Of one that is there too. If this fails nothing was changed; it lasts when the folder is synced.
    void takePlace() throws IOException {
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
        placed = true;
    }

    /// A link takes the place of nothing, which no renaming of the JDK's can promise. Some file systems have none.
    private void takeFreePlace() throws IOException {
        try {
            Files.createLink(file, half);
        } catch (FileAlreadyExistsException there) {
            throw there;
        } catch (IOException | UnsupportedOperationException noLinks) {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileAlreadyExistsException(file.toString());
            }
            takePlace();
        }
    }

    /// Nothing of it is left unless it took its place.
    @Override
    public void close() throws IOException {
        if (!placed) {
            Files.deleteIfExists(half);
        }
    }

    /// A name is on the disk when its folder is (fsync(2)).
    static void syncFolder(Path file) throws IOException {
        try (var channel = FileChannel.open(file.toAbsolutePath().resolveSibling("."), StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
