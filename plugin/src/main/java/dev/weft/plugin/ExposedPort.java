package dev.weft.plugin;

/// @param protocol IANA protocol number: 6 TCP, 17 UDP, 132 SCTP
public record ExposedPort(int protocol, int port) {}
