package dev.weft.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weft.lab.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The `/etc/weft/weft.toml` of a host, and an agent that has read it.
record AgentSettings(Host host) {
    /// Starts the agent, anew if it runs.
    void startWith(String... lines) throws IOException {
        Files.createDirectories(host.path("/etc/weft"));
        Files.writeString(file(), String.join("\n", lines) + "\n", UTF_8);
        restart();
    }

    /// Likewise, without the file.
    void startWithDefaults() throws IOException {
        Files.deleteIfExists(file());
        restart();
    }

    private Path file() {
        return host.path("/etc/weft/weft.toml");
    }

    private void restart() {
        host.stopAgent();
        host.startAgent();
    }
}
