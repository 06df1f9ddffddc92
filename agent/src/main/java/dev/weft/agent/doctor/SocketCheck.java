package dev.weft.agent.doctor;

import dev.weft.agent.doctor.Snapshot.SocketFacts;
import java.util.List;

/// Sockets that are not there, or that others than their owner can use.
final class SocketCheck {
    private static final String OWNER_ONLY = "rw-------";

    private SocketCheck() {}

    static List<Finding> of(Snapshot facts) {
        return facts.sockets().stream()
                .filter(socket -> !OWNER_ONLY.equals(socket.mode()))
                .map(SocketCheck::finding)
                .toList();
    }

    private static Finding finding(SocketFacts socket) {
        return socket.mode() == null
                ? Finding.error(
                        "socket-missing",
                        socket.path().toString(),
                        "socket " + socket.path() + " is gone, though the agent listens on it: nobody finds it any"
                                + " more. Restart the agent.")
                : Finding.warning(
                        "socket-permissions",
                        socket.path().toString(),
                        "socket " + socket.path() + " has mode " + socket.mode()
                                + ": others than its owner may use it, and who does commands the host's network. Set it"
                                + " back: chmod 600 " + socket.path());
    }
}
