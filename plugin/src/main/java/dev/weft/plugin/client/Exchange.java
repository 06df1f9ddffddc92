package dev.weft.plugin.client;

import java.io.IOException;
import java.util.Map;

/// Carries one request to the plugin and its answer back. Any thread may call.
interface Exchange extends AutoCloseable {
    /// @param headers all of them, in the order in which they are to be written
    /// @throws Failure               if there is no answer
    /// @throws IllegalStateException after [#close]
    Answer post(String path, Map<String, String> headers, byte[] body) throws Failure;

    @Override
    void close();

    /// @param body decompressed, UTF-8
    record Answer(int status, String body) {}

    /// The message is Go's, such as `dial unix /p.sock: connect: connection refused`, or `EOF`.
    final class Failure extends IOException {
        private static final long serialVersionUID = 1;
        private final boolean written;

        /// @param written whether the request had been written; otherwise there was no connection
        Failure(boolean written, String message, Throwable cause) {
            super(message, cause);
            this.written = written;
        }

        boolean written() {
            return written;
        }
    }
}
