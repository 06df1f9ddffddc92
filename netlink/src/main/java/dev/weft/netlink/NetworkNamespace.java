package dev.weft.netlink;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A network namespace, held by an open file descriptor: it exists at least until this is closed.
public final class NetworkNamespace implements AutoCloseable {
    private static final int CLOSED = -1;

    // struct statx, linux/stat.h
    private static final int STATX_SIZE = 256;
    private static final int STATX_INO_OFFSET = 0x20;
    private static final int STATX_DEV_MAJOR_OFFSET = 0x88;

    private final AtomicInteger descriptor;
    private final String text;
    private final Identity identity;

    /// The number of an nsfs file and of the device it is on: the same for all ways to the same namespace.
    private record Identity(long inode, long device) {}

    private NetworkNamespace(int descriptor, String text) {
        this.descriptor = new AtomicInteger(descriptor);
        this.text = text;
        this.identity = identity(descriptor, text);
    }

    /// That of the process.
    public static NetworkNamespace current() {
        return open("/proc/self/ns/net", "the process's network namespace");
    }

    /// @param nsfsFile such as `/run/netns/NAME`, `/proc/PID/ns/net` or a sandbox key of Docker's
    /// @throws NetlinkException if there is no such file, or it is not a network namespace
    public static NetworkNamespace at(Path nsfsFile) {
        return open(nsfsFile.toString(), "network namespace " + nsfsFile);
    }

    /// The one pinned at `/run/netns/NAME`, by [#pin] or `ip netns add`.
    ///
    /// @throws NetlinkException if there is none
    public static NetworkNamespace named(String name) {
        return at(PinnedNamespace.path(name));
    }

    /// A descriptor that somebody else opened, and still has to close: this keeps a copy.
    ///
    /// @throws NetlinkException if it is not that of a network namespace
    public static NetworkNamespace ofDescriptor(int descriptor) {
        String text = "network namespace of file descriptor " + descriptor;
        int copy = LibC.duplicate(descriptor);
        if (copy < 0) {
            throw NetlinkException.refused("open the " + text, -copy);
        }
        return checked(copy, text);
    }

    /// Whether a namespace is pinned at `/run/netns/NAME`.
    public static boolean exists(String name) {
        return PinnedNamespace.exists(name);
    }

    /// Opens the namespace pinned at `/run/netns/NAME`, or makes a new one and pins it there as ip-netns(8) does. Any
    /// number of threads and processes that pin a name at once get the same namespace. Needs CAP_SYS_ADMIN.
    public static NetworkNamespace pin(String name) {
        return PinnedNamespace.pin(name);
    }

    /// Pins this namespace at `/run/netns/NAME`, where it may be pinned already: it then outlives this process.
    ///
    /// @return false if another namespace is pinned there, which is left as it is
    public boolean pinAs(String name) {
        return PinnedNamespace.pin(this, name);
    }

    /// Whether what this process pins is seen by no other mount namespace and goes with its own, as in the sandbox that
    /// systemd makes for a service; pins that are made outside are seen here.
    public static boolean pinsStayHere() {
        return PinnedNamespace.stayHere();
    }

    /// Takes the pin away; the namespace goes when its last process, socket and descriptor have gone.
    ///
    /// @return false if nothing was pinned there
    public static boolean unpin(String name) {
        return PinnedNamespace.unpin(name);
    }

    static NetworkNamespace open(String path, String text) {
        // A named pipe would keep a blocking open waiting.
        int descriptor = LibC.open(path, Kernel.O_RDONLY | Kernel.O_CLOEXEC | Kernel.O_NONBLOCK, 0);
        if (descriptor < 0) {
            throw NetlinkException.refused("open " + text, -descriptor);
        }
        return checked(descriptor, text);
    }

    private static NetworkNamespace checked(int descriptor, String text) {
        if (!isNetworkNamespace(descriptor)) {
            LibC.close(descriptor);
            throw NetlinkException.failed(
                    "open " + text,
                    Kernel.EINVAL,
                    "it is not a network namespace. Give a file such as /proc/PID/ns/net, or one under /run/netns"
                            + " on which a namespace is mounted",
                    null);
        }
        return new NetworkNamespace(descriptor, text);
    }

    /// An nsfs file answers with the kind of its namespace, any other with ENOTTY (ioctl_ns(2)).
    static boolean isNetworkNamespace(int descriptor) {
        return LibC.ioctl(descriptor, Kernel.NS_GET_NSTYPE) == Kernel.CLONE_NEWNET;
    }

    private static Identity identity(int descriptor, String text) {
        try (Arena arena = Arena.ofConfined()) {
            var stat = arena.allocate(STATX_SIZE, Long.BYTES);
            int result = LibC.statx(descriptor, Kernel.STATX_INO, stat);
            if (result < 0) {
                LibC.close(descriptor);
                throw NetlinkException.refused("identify " + text, -result);
            }
            long major = stat.get(JAVA_INT, STATX_DEV_MAJOR_OFFSET);
            long minor = stat.get(JAVA_INT, STATX_DEV_MAJOR_OFFSET + Integer.BYTES);
            return new Identity(stat.get(JAVA_LONG, STATX_INO_OFFSET), major << Integer.SIZE | minor);
        }
    }

    /// Runs `work` inside this namespace, on a platform thread of its own: setns(2) changes the thread, and a virtual
    /// thread may continue on another. The thread ends with the work, so nothing else ever runs in the wrong place.
    /// What `work` throws is thrown here. An interrupt of the caller is handed on to the work.
    ///
    /// Threads inherit the namespace: work that starts some, virtual ones too, leaves them in this one.
    ///
    /// Needs CAP_SYS_ADMIN, unless this is the process's own namespace.
    ///
    /// @param <X> what the work throws; inferred as RuntimeException where it throws nothing checked
    public <T extends @Nullable Object, X extends Throwable> T call(ScopedValue.CallableOp<? extends T, X> work)
            throws X {
        return new Visit<T, X>(this, work).run();
    }

    /// Moves the calling thread into this namespace, for good.
    void enter() {
        try (var here = open("/proc/thread-self/ns/net", "the thread's network namespace")) {
            if (sameAs(here)) {
                return; // setns(2) asks for a privilege even then
            }
        }
        int result = LibC.setns(descriptor(), Kernel.CLONE_NEWNET);
        if (result < 0) {
            throw NetlinkException.refused("enter " + this, -result);
        }
    }

    /// The open file; valid until [#close].
    public int descriptor() {
        int open = descriptor.get();
        if (open == CLOSED) {
            throw new IllegalStateException(this + " is closed");
        }
        return open;
    }

    /// Whether both are the same namespace, whatever way they were opened.
    public boolean sameAs(NetworkNamespace other) {
        return identity.equals(other.identity);
    }

    @Override
    public void close() {
        int open = descriptor.getAndSet(CLOSED);
        if (open != CLOSED) {
            LibC.close(open);
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
