package dev.weft.agent.service;

import static java.lang.System.Logger.Level.WARNING;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weft.netlink.NetlinkException;
import dev.weft.netlink.UnixDatagram;

/// Sends notices to a service manager (sd_notify(3)).
///
/// @param address of its socket, as `NOTIFY_SOCKET` has it
record Notices(String address) {
    private static final System.Logger LOG = System.getLogger(Notices.class.getName());

    /// One datagram of assignments, a line each. One that cannot be sent is logged: the agent works without.
    void send(String... assignments) {
        try {
            UnixDatagram.send(address, String.join("\n", assignments).getBytes(UTF_8));
        } catch (NetlinkException failure) {
            LOG.log(WARNING, "the service manager is not told {0}: {1}", assignments[0], failure.getMessage());
        }
    }

    /// A sentence for people, which is one line.
    static String status(String sentence) {
        return "STATUS=" + sentence.replace('\n', ' ');
    }
}
