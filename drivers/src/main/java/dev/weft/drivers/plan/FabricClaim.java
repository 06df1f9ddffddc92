package dev.weft.drivers.plan;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import dev.weft.netlink.NetlinkException;
import dev.weft.netlink.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/// The file `/run/weft/fabric-NAME.lock`, with a record lock (fcntl(2)) of the agent that has the fabric:
/// that ends with its process however that ends. Where the agent has the namespace open is in it, as
/// `/proc/PID/fd/N`.
///
/// Nobody but that agent may open the file in its process: closing it there gives the lock away.
final class FabricClaim implements AutoCloseable {
    private static final Path FOLDER = Path.of("/run/weft");

    /// How long an agent takes at most from the lock to the words in the file.
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final long PAUSE_MILLISECONDS = 20;

    private final FileChannel file;

    private FabricClaim(FileChannel file) {
        this.file = file;
    }

    private static Path path(String name) {
        return FOLDER.resolve("fabric-" + name + ".lock");
    }

    /// @throws FabricInUse if another agent has it
    static FabricClaim take(String name) {
        try {
            Files.createDirectories(FOLDER);
            var file = FileChannel.open(path(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (file.tryLock() != null) {
                file.truncate(0); // of an agent before
                return new FabricClaim(file);
            }
            file.close();
            throw new FabricInUse("network namespace " + name + " is in the hands of another agent. Stop that one, or"
                    + " give this one another --fabric.");
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot claim network namespace " + name + ": " + failure, failure);
        }
    }

    /// Says where it is open.
    void tell(NetworkNamespace namespace) {
        var place = "/proc/" + ProcessHandle.current().pid() + "/fd/" + namespace.descriptor() + "\n";
        try {
            file.write(ByteBuffer.wrap(place.getBytes(US_ASCII)), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot tell where the network namespace is open: " + failure, failure);
        }
    }

    /// The namespace that an agent holds; none if no agent does. Asks for no lock, which would be in the way of an
    /// agent that starts just then, but who has it.
    ///
    /// @throws FabricInUse if an agent has the lock and does not get on to say what it holds
    static Optional<NetworkNamespace> held(String name) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        try {
            for (var holder = holder(name); holder.isPresent(); holder = holder(name)) {
                var place = Files.readString(path(name)).strip();
                if (place.startsWith("/proc/" + holder.getAsLong() + "/fd/")) {
                    return Optional.of(NetworkNamespace.at(Path.of(place)));
                }
                if (System.nanoTime() - end > 0) {
                    throw new FabricInUse("the agent of process " + holder.getAsLong() + " is starting and does not get"
                            + " on with network namespace " + name + ". Look at its log, and try again.");
                }
                Thread.sleep(PAUSE_MILLISECONDS);
            }
            return Optional.empty();
        } catch (NetlinkException goneMeanwhile) {
            return Optional.empty();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot tell who holds network namespace " + name + ": " + failure, failure);
        }
    }

    /// The process that has the lock, from proc_locks(5): `1: POSIX ADVISORY WRITE 4711 00:1a:52 0 EOF`.
    private static OptionalLong holder(String name) throws IOException {
        String file;
        try {
            long device = attribute(path(name), "unix:dev");
            // its major and minor number, as glibc has them in a dev_t (sys/sysmacros.h)
            long major = ((device >>> 8) & 0xfff) | ((device >>> 32) & 0xfffff000L);
            long minor = (device & 0xff) | ((device >>> 12) & 0xffffff00L);
            file = "%02x:%02x:%d".formatted(major, minor, attribute(path(name), "unix:ino"));
        } catch (NoSuchFileException never) {
            return OptionalLong.empty();
        }
        try (var locks = Files.lines(Path.of("/proc/locks"))) {
            return locks.map(line -> line.strip().split(" +"))
                    .filter(words -> words.length > 5 && words[1].equals("POSIX") && words[5].equals(file))
                    .mapToLong(words -> Long.parseLong(words[4]))
                    .findFirst();
        }
    }

    private static long attribute(Path file, String name) throws IOException {
        return ((Number) requireNonNull(Files.getAttribute(file, name), name)).longValue();
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
