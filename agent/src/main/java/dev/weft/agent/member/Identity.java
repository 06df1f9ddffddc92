package dev.weft.agent.member;

import static java.lang.System.Logger.Level.WARNING;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weft.state.MemberRecord;
import dev.weft.state.Registry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;

/// Who this host is in the cluster: an id that is drawn once, and kept with the state. A machine that was copied with
/// its state draws another, if anything tells it from the one it was copied from.
final class Identity {
    private static final System.Logger LOG = System.getLogger(Identity.class.getName());

    /// What firmware and operating system call this machine, as far as they say.
    private static final List<Path> MARKS =
            List.of(Path.of("/etc/machine-id"), Path.of("/sys/class/dmi/id/product_uuid"));

    private static final int BYTES = 8;

    private Identity() {}

    /// As recorded, or recorded now.
    ///
    /// @throws dev.weft.state.StateException if it cannot be written
    static MemberRecord of(Registry registry, RandomGenerator random) {
        var machine = machine();
        var known = registry.member();
        if (known.isPresent() && known.get().machine().equals(machine)) {
            return known.get();
        }
        var drawn = new MemberRecord("%016x".formatted(random.nextLong()), machine, 0);
        known.ifPresent(other -> LOG.log(
                WARNING,
                "the state is that of another machine, host {0} of the cluster: this one is a host of its own, {1}",
                other.id(),
                drawn.id()));
        registry.put(drawn);
        return drawn;
    }

    /// A digest, because the marks are for this machine's eyes only (machine-id(5)).
    private static String machine() {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (var mark : MARKS) {
                digest.update(read(mark).strip().getBytes(UTF_8));
                digest.update((byte) 0);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String read(Path mark) {
        try {
            return Files.readString(mark);
        } catch (IOException absent) {
            return "";
        }
    }
}
