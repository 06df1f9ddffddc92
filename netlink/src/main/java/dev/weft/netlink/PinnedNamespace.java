package dev.weft.netlink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.function.Consumer;

/// Namespaces with a name: nsfs files bind-mounted under `/run/netns`, as ip-netns(8) keeps them.
///
/// Whoever pins or unpins holds a lock (flock(2)) on that folder. `ip netns add` does not, so between its making of
/// the file and its mount a name is briefly an empty file, just as it is for good when a process died there; an empty
/// file is therefore given a moment before it is taken for a left-over.
final class PinnedNamespace {
    private static final Path FOLDER = Path.of("/run/netns");

    // proc_pid_mountinfo(5)
    private static final int MOUNT_POINT = 4;
    private static final int OPTIONAL_FIELDS = 6;

    private static final int LONGEST_NAME = 255; // NAME_MAX, linux/limits.h
    private static final int PATIENCE_ROUNDS = 10;
    private static final long PATIENCE_MILLISECONDS = 20;

    private PinnedNamespace() {}

    static Path path(String name) {
        boolean plain = !name.isEmpty() && name.length() <= LONGEST_NAME && !name.equals(".") && !name.equals("..");
        if (!plain || name.indexOf('/') >= 0 || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "'" + name + "' cannot name a network namespace: it must be a plain file name");
        }
        return FOLDER.resolve(name);
    }

    static boolean exists(String name) {
        return isPinned(path(name));
    }

    /// Whether mounts on the folder come from another mount namespace and do not go back to it: they have the word
    /// `master:` among the optional fields in proc_pid_mountinfo(5).
    static boolean stayHere() {
        try (var mounts = Files.lines(Path.of("/proc/self/mountinfo"))) {
            var covering = mounts.map(line -> line.split(" ", -1))
                    .filter(fields -> FOLDER.startsWith(fields[MOUNT_POINT]))
                    // the last of those at the same place is on top
                    .reduce((a, b) -> b[MOUNT_POINT].length() >= a[MOUNT_POINT].length() ? b : a);
            return covering.stream()
                    .flatMap(fields -> Arrays.stream(fields).skip(OPTIONAL_FIELDS))
                    .takeWhile(field -> !field.equals("-"))
                    .anyMatch(field -> field.startsWith("master:"));
        } catch (IOException failure) {
            throw NetlinkException.failed(
                    "look at the mounts of " + FOLDER, String.valueOf(failure.getMessage()), failure);
        }
    }

    private static boolean isPinned(Path path) {
        int descriptor = LibC.open(path.toString(), Kernel.O_RDONLY | Kernel.O_CLOEXEC, 0);
        if (descriptor < 0) {
            return false;
        }
        try {
            return NetworkNamespace.isNetworkNamespace(descriptor);
        } finally {
            LibC.close(descriptor);
        }
    }

    static NetworkNamespace pin(String name) {
        var path = path(name);
        if (isPinned(path)) {
            return NetworkNamespace.at(path);
        }
        prepareFolder();
        int lock = lock();
        try {
            if (!settled(path)) {
                makeFile(path);
                mount(path, PinnedNamespace::runInNew);
            }
            return NetworkNamespace.at(path);
        } finally {
            LibC.close(lock);
        }
    }

    /// @return false if another namespace is pinned there
    static boolean pin(NetworkNamespace namespace, String name) {
        var path = path(name);
        if (!isPinned(path)) {
            prepareFolder();
            int lock = lock();
            try {
                if (!settled(path)) {
                    makeFile(path);
                    mount(path, work -> runIn(namespace, work));
                }
            } finally {
                LibC.close(lock);
            }
        }
        try (var there = NetworkNamespace.at(path)) {
            return there.sameAs(namespace);
        }
    }

    static boolean unpin(String name) {
        var path = path(name);
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        int lock = lock();
        try {
            // More than one, where two mounted at once.
            while (LibC.umount2(path.toString(), Kernel.MNT_DETACH) == 0) {}
            int result = LibC.unlink(path.toString());
            if (result < 0 && result != -Kernel.ENOENT) {
                throw NetlinkException.refused("unpin network namespace " + path, -result);
            }
            return result == 0;
        } finally {
            LibC.close(lock);
        }
    }

    /// Whether a namespace is there, having given a half-made one time to become one.
    private static boolean settled(Path path) {
        for (int round = 0; round < PATIENCE_ROUNDS; round++) {
            if (isPinned(path)) {
                return true;
            }
            if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                return false;
            }
            pause();
        }
        return isPinned(path);
    }

    private static void pause() {
        try {
            Thread.sleep(PATIENCE_MILLISECONDS);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }

    private static void makeFile(Path path) {
        int flags = Kernel.O_RDONLY | Kernel.O_CREAT | Kernel.O_EXCL | Kernel.O_CLOEXEC;
        int file = LibC.open(path.toString(), flags, 0);
        if (file >= 0) {
            LibC.close(file);
        } else if (file != -Kernel.EEXIST) {
            throw NetlinkException.refused("make " + path + " to pin a network namespace at", -file);
        } else if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                || path.toFile().length() > 0) {
            throw NetlinkException.failed(
                    "pin a network namespace at " + path,
                    Kernel.EEXIST,
                    "something else is there, which is not an empty file. Move it away, or use another name",
                    null);
        }
    }

    /// @param inside runs work on a thread that is in the namespace to be pinned, and ends afterwards
    private static void mount(Path path, Consumer<Runnable> inside) {
        try {
            inside.accept(() -> {
                int mounted = LibC.mount("/proc/thread-self/ns/net", path.toString(), Kernel.MS_BIND);
                if (mounted < 0) {
                    throw NetlinkException.refused("pin a network namespace at " + path, -mounted);
                }
            });
        } catch (NetlinkException failure) {
            LibC.unlink(path.toString());
            throw failure;
        }
    }

    private static void runInNew(Runnable work) {
        try (var process = NetworkNamespace.current()) {
            runIn(process, () -> {
                int unshared = LibC.unshare(Kernel.CLONE_NEWNET);
                if (unshared < 0) {
                    throw NetlinkException.refused("make a network namespace", -unshared);
                }
                work.run();
            });
        }
    }

    private static void runIn(NetworkNamespace namespace, Runnable work) {
        namespace.call(() -> {
            work.run();
            return true;
        });
    }

    /// As ip-netns(8) makes the folder, whatever the umask.
    private static void showToAll() {
        try {
            Files.setPosixFilePermissions(FOLDER, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException failure) {
            throw NetlinkException.failed("open " + FOLDER + " to all", String.valueOf(failure.getMessage()), failure);
        }
    }

    /// Makes the folder a mount of its own whose changes reach other mount namespaces and come from there.
    private static void prepareFolder() {
        String folder = FOLDER.toString();
        int made = LibC.mkdir(folder, 0755);
        if (made < 0 && made != -Kernel.EEXIST) {
            throw NetlinkException.refused("make " + FOLDER, -made);
        }
        if (made == 0) {
            showToAll();
        }
        int lock = lock();
        try {
            int shared = LibC.mount("", folder, Kernel.MS_SHARED | Kernel.MS_REC);
            if (shared == -Kernel.EINVAL) { // not a mount yet
                int bound = LibC.mount(folder, folder, Kernel.MS_BIND | Kernel.MS_REC);
                if (bound < 0) {
                    throw NetlinkException.refused("mount " + FOLDER + " onto itself", -bound);
                }
                shared = LibC.mount("", folder, Kernel.MS_SHARED | Kernel.MS_REC);
            }
            if (shared < 0) {
                throw NetlinkException.refused("make " + FOLDER + " a shared mount", -shared);
            }
        } finally {
            LibC.close(lock);
        }
    }

    private static int lock() {
        int descriptor = LibC.open(FOLDER.toString(), Kernel.O_RDONLY | Kernel.O_CLOEXEC, 0);
        if (descriptor < 0) {
            throw NetlinkException.refused("open " + FOLDER, -descriptor);
        }
        int locked = LibC.flock(descriptor, Kernel.LOCK_EX);
        if (locked < 0) {
            LibC.close(descriptor);
            throw NetlinkException.refused("lock " + FOLDER, -locked);
        }
        return descriptor;
    }
}
