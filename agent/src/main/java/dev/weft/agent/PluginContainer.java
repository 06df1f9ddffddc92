package dev.weft.agent;

import dev.weft.netlink.WritableMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What a container of Docker's managed plugins lacks for the agent.
///
/// The host's `/run` is at `/host/run`, and what the agent has or looks for in `/run` are links into it:
/// namespaces that are pinned there, its lock and admin socket, the engine's API and its sandboxes. So they
/// are the host's, and outlive the container.
final class PluginContainer {
    private static final Path HOST = Path.of("/host/run");
    private static final List<String> FOLDERS = List.of("netns", "weft");

    private PluginContainer() {}

    /// @throws IOException                        with a sentence, where this is no such container
    /// @throws dev.weft.netlink.NetlinkException if settings of the kernel cannot be made writable
    static void settle() throws IOException {
        if (!Files.isDirectory(HOST)) {
            throw new IOException("there is no " + HOST + ". This command is the entry of Docker's managed plugin; on a"
                    + " host, run weft agent.");
        }
        for (var folder : FOLDERS) {
            Files.createDirectories(HOST.resolve(folder));
        }
        WritableMount.ofSettings();
    }
}
