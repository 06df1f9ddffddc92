package dev.weft.netlink;

import static java.util.Objects.requireNonNullElse;

import org.jspecify.annotations.Nullable;

/// The kernel refused a request, or could not be asked. The message says what was being done, what happened, and the
/// kernel's own words (its "extended acknowledgement") where it gave any.
public final class NetlinkException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int errno;
    private final String kernelText;

    private NetlinkException(String message, int errno, String kernelText, @Nullable Throwable cause) {
        super(message, cause);
        this.errno = errno;
        this.kernelText = kernelText;
    }

    /// @param doing      what was being done, as it reads behind "cannot"
    /// @param kernelText the kernel's explanation, or empty
    static NetlinkException refused(String doing, int errno, String kernelText) {
        String reason = Errno.explain(errno) + (kernelText.isEmpty() ? "" : ": " + kernelText);
        return new NetlinkException("cannot " + doing + ": " + reason, errno, kernelText, null);
    }

    static NetlinkException refused(String doing, int errno) {
        return refused(doing, errno, "");
    }

    static NetlinkException failed(String doing, String reason, @Nullable Throwable cause) {
        return failed(doing, 0, reason, cause);
    }

    static NetlinkException failed(String doing, int errno, String reason, @Nullable Throwable cause) {
        return new NetlinkException("cannot " + doing + ": " + reason, errno, "", cause);
    }

    /// The same with the stack trace of the calling thread; the connection's is that of the cause.
    NetlinkException inCallersThread() {
        return new NetlinkException(requireNonNullElse(getMessage(), ""), errno, kernelText, this);
    }

    /// errno(3), or 0 where the failure is not the kernel's: a closed connection, an answer that never came.
    public int errno() {
        return errno;
    }

    public boolean is(Errno candidate) {
        return errno == candidate.number();
    }

    /// The kernel's explanation without our words around it; empty where it gave none.
    public String kernelText() {
        return kernelText;
    }
}
