package dev.weft.http;

import java.time.Duration;

/// What one server grants its clients together and one by one.
///
/// @param bodyBytes      largest body of a request; a larger one is answered 413
/// @param connections    open at once; further clients wait in the kernel's queue until one closes
/// @param requestTimeout for a first or begun request to arrive whole, and for an answer to be taken
/// @param idleTimeout    between two requests. Long, because a client may be sending just when the time is up, and a
///                       Docker Engine then repeats its call with an empty body
public record HttpLimits(int bodyBytes, int connections, Duration requestTimeout, Duration idleTimeout) {
    /// 1 MiB, 256 connections, 30 s, 10 min.
    public static final HttpLimits DEFAULT =
            new HttpLimits(1 << 20, 256, Duration.ofSeconds(30), Duration.ofMinutes(10));

    public HttpLimits {
        if (bodyBytes < 0 || connections < 1 || !requestTimeout.isPositive() || !idleTimeout.isPositive()) {
            throw new IllegalArgumentException("these limits let no request through: " + bodyBytes + " bytes, "
                    + connections + " connections, " + requestTimeout + ", " + idleTimeout);
        }
    }
}
