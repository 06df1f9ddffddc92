package dev.weft.netlink;

/// Mounts that a container runtime made read-only, for a process that may change them all the same (CAP_SYS_ADMIN).
public final class WritableMount {
    private static final String SETTINGS = "/proc/sys";

    private WritableMount() {}

    /// Makes `/proc/sys` writable in this mount namespace: there are the settings of network namespaces.
    ///
    /// @throws NetlinkException if it cannot be, for want of CAP_SYS_ADMIN for instance
    public static void ofSettings() {
        long flags = Kernel.MS_REMOUNT | Kernel.MS_BIND | Kernel.MS_NOSUID | Kernel.MS_NODEV | Kernel.MS_NOEXEC;
        int result = LibC.mount("none", SETTINGS, flags);
        if (result == -Kernel.EINVAL) {
            return; // not a mount of its own: nobody made it read-only
        }
        if (result < 0) {
            throw NetlinkException.refused("make " + SETTINGS + " writable", -result);
        }
    }
}
