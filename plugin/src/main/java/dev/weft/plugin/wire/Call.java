package dev.weft.plugin.wire;

/// One call of the protocol.
///
/// @param path     such as `/NetworkDriver.Join`
/// @param hasBody  whether the engine sends a body; without one a call that needs it is a resend, and refused
public record Call<Q, A>(String path, boolean hasBody, Shape<Q> request, Shape<A> reply) {}
