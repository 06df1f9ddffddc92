package dev.weft.plugin;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/// A published port. The engine publishes it itself unless `join` answers a gateway.
///
/// @param protocol    IANA protocol number: 6 TCP, 17 UDP, 132 SCTP
/// @param port        the container's, 1 to 65535
/// @param hostIp      absent: all addresses of the host
/// @param hostPort    0: any free one (`-P`)
/// @param hostPortEnd last of the range to choose from, inclusive
public record PortBinding(int protocol, int port, @Nullable InetAddress hostIp, int hostPort, int hostPortEnd) {}
