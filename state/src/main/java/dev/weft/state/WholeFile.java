package dev.weft.state;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Files that are there as a whole and durably, or not at all.
final class WholeFile {
    static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rw-------");

    private WholeFile() {}

    /// Writes it, in place of one that is there.
    static void write(Path file, byte[] bytes) throws IOException {
        var half = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(half);
        try (var channel =
                FileChannel.open(half, Set.of(CREATE_NEW, WRITE), PosixFilePermissions.asFileAttribute(OWNER))) {
            var rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            Files.deleteIfExists(half);
            throw failure;
        }
        syncFolder(file);
    }

    /// A name is on the disk when its folder is (fsync(2)).
    static void syncFolder(Path file) throws IOException {
        try (var channel = FileChannel.open(file.toAbsolutePath().resolveSibling("."), StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
