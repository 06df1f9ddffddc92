package dev.weft.netlink;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// The calls into the C library, which are all the native code there is.
///
/// Every function is called through one handle of one shape, six `long`s to a `long`: each further shape costs some
/// 15 ms of start-up time. Pointers travel as addresses, so whoever passes one keeps its arena open over the call;
/// arguments that a function does not have are ignored by the calling conventions of x86-64 and AArch64.
///
/// Each method answers with the function's result, or with `-errno` where the function failed. A call that a signal
/// interrupted is repeated, except close(2) and poll(2).
@SuppressWarnings("restricted")
final class LibC {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle CALL = LINKER.downcallHandle(
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.captureCallState("errno"));

    private static final MemorySegment SOCKET = function("socket");
    private static final MemorySegment BIND = function("bind");
    private static final MemorySegment GETSOCKOPT = function("getsockopt");
    private static final MemorySegment SETSOCKOPT = function("setsockopt");
    private static final MemorySegment SENDTO = function("sendto");
    private static final MemorySegment RECVFROM = function("recvfrom");
    private static final MemorySegment POLL = function("poll");
    private static final MemorySegment EVENTFD = function("eventfd");
    private static final MemorySegment EVENTFD_WRITE = function("eventfd_write");
    private static final MemorySegment EVENTFD_READ = function("eventfd_read");
    private static final MemorySegment OPEN = function("open");
    private static final MemorySegment CLOSE = function("close");
    private static final MemorySegment DUP = function("fcntl");
    private static final MemorySegment STATX = function("statx");
    private static final MemorySegment IOCTL = function("ioctl");
    private static final MemorySegment FLOCK = function("flock");
    private static final MemorySegment MKDIR = function("mkdir");
    private static final MemorySegment UNLINK = function("unlink");
    private static final MemorySegment MOUNT = function("mount");
    private static final MemorySegment UMOUNT2 = function("umount2");
    private static final MemorySegment SETNS = function("setns");
    private static final MemorySegment UNSHARE = function("unshare");

    private LibC() {}

    /// `int socket(int domain, int type, int protocol)`: socket(2).
    static int socket(int domain, int type, int protocol) {
        return (int) call(SOCKET, domain, type, protocol);
    }

    /// `int bind(int sockfd, const struct sockaddr *addr, socklen_t addrlen)`: bind(2).
    static int bind(int socket, MemorySegment address) {
        return (int) call(BIND, socket, address.address(), address.byteSize());
    }

    /// `int getsockopt(int sockfd, int level, int optname, void *optval, socklen_t *optlen)`: getsockopt(2), for
    /// options that are an int and never negative.
    static int getsockopt(int socket, int level, int option) {
        try (Arena arena = Arena.ofConfined()) {
            var value = arena.allocate(JAVA_INT);
            var length = arena.allocateFrom(JAVA_INT, Integer.BYTES);
            int result = (int) call(GETSOCKOPT, socket, level, option, value.address(), length.address(), 0);
            return result < 0 ? result : value.get(JAVA_INT, 0);
        }
    }

    /// `int setsockopt(int sockfd, int level, int optname, const void *optval, socklen_t optlen)`: setsockopt(2).
    static int setsockopt(int socket, int level, int option, int value) {
        try (Arena arena = Arena.ofConfined()) {
            return setsockopt(socket, level, option, arena.allocateFrom(JAVA_INT, value));
        }
    }

    /// `int setsockopt(int sockfd, int level, int optname, const void *optval, socklen_t optlen)`: setsockopt(2).
    static int setsockopt(int socket, int level, int option, MemorySegment value) {
        return (int) call(SETSOCKOPT, socket, level, option, value.address(), value.byteSize(), 0);
    }

    /// `ssize_t sendto(int sockfd, const void *buf, size_t len, int flags, const struct sockaddr *dest_addr,
    /// socklen_t addrlen)`: send(2), without a destination.
    static long send(int socket, MemorySegment bytes, long length, int flags) {
        return call(SENDTO, socket, bytes.address(), length, flags, 0, 0);
    }

    /// `ssize_t sendto(int sockfd, const void *buf, size_t len, int flags, const struct sockaddr *dest_addr,
    /// socklen_t addrlen)`: send(2).
    static long sendto(int socket, MemorySegment bytes, int flags, MemorySegment address) {
        return call(SENDTO, socket, bytes.address(), bytes.byteSize(), flags, address.address(), address.byteSize());
    }

    /// `ssize_t recvfrom(int sockfd, void *buf, size_t len, int flags, struct sockaddr *src_addr, socklen_t
    /// *addrlen)`: recv(2).
    static long recvfrom(int socket, MemorySegment bytes, int flags, MemorySegment sender, MemorySegment senderLength) {
        return call(
                RECVFROM, socket, bytes.address(), bytes.byteSize(), flags, sender.address(), senderLength.address());
    }

    /// `int poll(struct pollfd *fds, nfds_t nfds, int timeout)`: poll(2).
    ///
    /// @param milliseconds how long to wait at most
    static int poll(MemorySegment descriptors, int count, int milliseconds) {
        return (int) callOnce(POLL, descriptors.address(), count, milliseconds, 0, 0, 0);
    }

    /// `int eventfd(unsigned int initval, int flags)`: eventfd(2).
    static int eventfd(int initial, int flags) {
        return (int) call(EVENTFD, initial, flags, 0);
    }

    /// `int eventfd_write(int fd, eventfd_t value)`: eventfd(2).
    static int eventfdWrite(int descriptor, long value) {
        return (int) call(EVENTFD_WRITE, descriptor, value, 0);
    }

    /// `int eventfd_read(int fd, eventfd_t *value)`: eventfd(2). Sets the counter to 0.
    static int eventfdRead(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            return (int)
                    call(EVENTFD_READ, descriptor, arena.allocate(JAVA_LONG).address(), 0);
        }
    }

    /// `int open(const char *pathname, int flags, mode_t mode)`: open(2).
    static int open(String path, int flags, int mode) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) call(OPEN, arena.allocateFrom(path).address(), flags, mode);
        }
    }

    /// `int close(int fd)`: close(2). Not repeated after a signal: the descriptor is gone all the same.
    static int close(int descriptor) {
        return (int) callOnce(CLOSE, descriptor, 0, 0, 0, 0, 0);
    }

    /// `int fcntl(int fd, F_DUPFD_CLOEXEC, int lowest)`: fcntl(2).
    static int duplicate(int descriptor) {
        return (int) call(DUP, descriptor, Kernel.F_DUPFD_CLOEXEC, 0);
    }

    /// `int statx(int dirfd, const char *pathname, int flags, unsigned int mask, struct statx *statxbuf)`: statx(2),
    /// of an open descriptor. Unlike that of stat(2), its structure is the same on every architecture.
    static int statx(int descriptor, int mask, MemorySegment result) {
        try (Arena arena = Arena.ofConfined()) {
            long empty = arena.allocateFrom("").address();
            return (int) call(STATX, descriptor, empty, Kernel.AT_EMPTY_PATH, mask, result.address(), 0);
        }
    }

    /// `int ioctl(int fd, unsigned long request)`: ioctl(2), for requests without an argument.
    static int ioctl(int descriptor, long request) {
        return (int) call(IOCTL, descriptor, request, 0);
    }

    /// `int flock(int fd, int operation)`: flock(2).
    static int flock(int descriptor, int operation) {
        return (int) call(FLOCK, descriptor, operation, 0);
    }

    /// `int mkdir(const char *pathname, mode_t mode)`: mkdir(2).
    static int mkdir(String path, int mode) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) call(MKDIR, arena.allocateFrom(path).address(), mode, 0);
        }
    }

    /// `int unlink(const char *pathname)`: unlink(2).
    static int unlink(String path) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) call(UNLINK, arena.allocateFrom(path).address(), 0, 0);
        }
    }

    /// `int mount(const char *source, const char *target, const char *filesystemtype, unsigned long mountflags, const
    /// void *data)`: mount(2), for bind mounts and changes of propagation, which have no type and no data.
    static int mount(String source, String target, long flags) {
        try (Arena arena = Arena.ofConfined()) {
            long type = arena.allocateFrom("none").address();
            long from = arena.allocateFrom(source).address();
            return (int) call(MOUNT, from, arena.allocateFrom(target).address(), type, flags, 0, 0);
        }
    }

    /// `int umount2(const char *target, int flags)`: umount(2).
    static int umount2(String target, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) call(UMOUNT2, arena.allocateFrom(target).address(), flags, 0);
        }
    }

    /// `int setns(int fd, int nstype)`: setns(2). Changes the calling thread.
    static int setns(int descriptor, int type) {
        return (int) call(SETNS, descriptor, type, 0);
    }

    /// `int unshare(int flags)`: unshare(2). Changes the calling thread.
    static int unshare(int flags) {
        return (int) call(UNSHARE, flags, 0, 0);
    }

    private static long call(MemorySegment function, long a, long b, long c) {
        return call(function, a, b, c, 0, 0, 0);
    }

    private static long call(MemorySegment function, long a, long b, long c, long d, long e, long f) {
        long result;
        do {
            result = callOnce(function, a, b, c, d, e, f);
        } while (result == -Kernel.EINTR);
        return result;
    }

    private static long callOnce(MemorySegment function, long a, long b, long c, long d, long e, long f) {
        try (Arena arena = Arena.ofConfined()) {
            var errno = arena.allocate(Integer.BYTES, Integer.BYTES);
            long result = (long) CALL.invokeExact(function, errno, a, b, c, d, e, f);
            // A function that returns int leaves the upper half of the register undefined; all report failure as -1.
            return (int) result == -1 ? -errno.get(JAVA_INT, 0) : result;
        } catch (Throwable failure) {
            throw new AssertionError("a downcall of six longs cannot throw", failure);
        }
    }

    private static MemorySegment function(String name) {
        return LINKER.defaultLookup().findOrThrow(name);
    }
}
