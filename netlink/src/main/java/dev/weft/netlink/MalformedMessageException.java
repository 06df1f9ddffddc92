package dev.weft.netlink;

/// Bytes from the kernel that break the format of its messages; [Netlink] reports it as the cause of a
/// [NetlinkException].
final class MalformedMessageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MalformedMessageException(String message) {
        super(message);
    }
}
