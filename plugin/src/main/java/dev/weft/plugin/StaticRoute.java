package dev.weft.plugin;

import dev.weft.inet.Subnet;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/// A route for the sandbox.
///
/// @param destination of either family
/// @param nextHop     null: the destination is on the link itself
public record StaticRoute(Subnet destination, @Nullable InetAddress nextHop) {}
