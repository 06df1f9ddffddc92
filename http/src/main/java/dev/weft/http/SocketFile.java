package dev.weft.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

/// A listening unix socket together with its file, which is mode 0600 from the moment it can be seen.
///
/// The kernel gives a new socket file the umask's mode, so it is made in a folder of mode 0700 and then renamed into
/// place; this also replaces the file that a crashed process left, in one step.
final class SocketFile implements Listener {
    private final Path path;
    private final Object identity;
    private final ServerSocketChannel channel;

    private SocketFile(Path path, Object identity, ServerSocketChannel channel) {
        this.path = path;
        this.identity = identity;
        this.channel = channel;
    }

    @Override
    public ServerSocketChannel channel() {
        return channel;
    }

    /// @throws IOException whose message says why this path cannot be listened on, and what to do
    static SocketFile listen(Path socket) throws IOException {
        var path = socket.toAbsolutePath();
        int length = path.toString().getBytes(UTF_8).length;
        if (length > HttpServer.LONGEST_SOCKET_PATH) {
            throw new IOException("cannot listen on " + path + ": the path has " + length + " bytes, and at most "
                    + HttpServer.LONGEST_SOCKET_PATH + " can be used for a unix socket. Use a shorter one.");
        }
        var folder = path.getParent();
        if (folder == null) {
            throw new IOException("cannot listen on " + path + ": it is a folder. Name a file in it.");
        }
        try {
            Files.createDirectories(folder);
            try (var _ = StartLock.take(path)) {
                refuseUnlessFree(path);
                return bind(path);
            }
        } catch (IOException failure) {
            throw new IOException("cannot listen on " + path + ": " + reason(failure), failure);
        }
    }

    /// The JDK's file exceptions have a path for a message, and the reason in the class name.
    private static String reason(IOException failure) {
        return switch (failure) {
            case java.nio.file.AccessDeniedException denied ->
                "no permission for " + denied.getFile() + ". "
                        + ("root".equals(System.getProperty("user.name")) ? "Use another path." : "Run as root.");
            case java.nio.file.FileAlreadyExistsException file ->
                file.getFile() + " is in the way. Remove it, or use another path.";
            case java.nio.file.NoSuchFileException file ->
                "no folder can be made at " + file.getFile() + ". Use another path.";
            default -> String.valueOf(failure.getMessage());
        };
    }

    private static void refuseUnlessFree(Path path) throws IOException {
        if (!Files.exists(path, NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.readAttributes(path, BasicFileAttributes.class, NOFOLLOW_LINKS)
                .isOther()) {
            throw new IOException("it is there already and not a socket. Remove it, or use another path.");
        }
        if (isServed(path)) {
            throw new IOException("another process is serving it. Stop that one first, or use another path.");
        }
    }

    /// Never waits: where the other's queue is full, a connection that does not block is "pending".
    private static boolean isServed(Path path) throws IOException {
        try (var probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.configureBlocking(false);
            probe.connect(UnixDomainSocketAddress.of(path));
            return true;
        } catch (ConnectException refused) {
            return false;
        } catch (SocketException unclear) {
            throw new IOException(
                    "cannot tell whether another process serves it: " + unclear.getMessage()
                            + ". Stop that one and remove the file.",
                    unclear);
        }
    }

    private static SocketFile bind(Path path) throws IOException {
        var folder = path.resolveSibling("." + path.getFileName());
        var born = folder.resolve("s");
        removeLeftovers(folder, born);
        Files.createDirectory(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(born), BACKLOG);
            Files.setPosixFilePermissions(
                    born, Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
            var identity = identity(born);
            Files.move(born, path, StandardCopyOption.ATOMIC_MOVE);
            return new SocketFile(path, identity, channel);
        } catch (IOException failure) {
            channel.close();
            throw failure;
        } finally {
            removeLeftovers(folder, born);
        }
    }

    private static void removeLeftovers(Path folder, Path born) throws IOException {
        if (Files.isDirectory(folder, NOFOLLOW_LINKS)) {
            Files.deleteIfExists(born);
            Files.delete(folder);
        }
    }

    /// Device and inode. The inode is not used again while the socket is open.
    private static Object identity(Path file) throws IOException {
        var key = Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS)
                .fileKey();
        return Objects.requireNonNull(key, "Linux file systems have inodes");
    }

    /// Deletes the file, unless it has been replaced.
    @Override
    public boolean withdraw() throws IOException {
        if (!Files.isDirectory(Objects.requireNonNull(path.getParent()))) {
            return true;
        }
        try (var _ = StartLock.take(path)) {
            if (Files.exists(path, NOFOLLOW_LINKS) && identity(path).equals(identity)) {
                Files.delete(path);
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
