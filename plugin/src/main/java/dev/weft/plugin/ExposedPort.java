package dev.weft.plugin;

/// A port that an image or `--expose` names; nothing is published by that.
///
/// @param protocol IANA protocol number: 6 TCP, 17 UDP, 132 SCTP
public record ExposedPort(int protocol, int port) {}
