package dev.weft.plugin;

/// A port on which the container listens. Nothing is published by it.
///
/// @param protocol IANA protocol number: 6 TCP, 17 UDP, 132 SCTP
/// @param port     the container's, 1 to 65535
public record ExposedPort(int protocol, int port) {}
