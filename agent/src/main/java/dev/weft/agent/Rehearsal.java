package dev.weft.agent;

import dev.weft.agent.config.Configuration;
import dev.weft.plugin.client.DockerCommands;
import dev.weft.plugin.client.EngineClient;
import dev.weft.plugin.client.EngineVersion;
import dev.weft.plugin.client.NetworkSettings;
import dev.weft.plugin.client.PluginAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// An agent and its commands in one process, which does once what they do all their lives: whoever makes packages lets
/// Java write down what that took, and all of it starts from that afterwards.
///
/// It makes networks, and belongs into network and mount namespaces of its own.
final class Rehearsal {
    private static final List<String> COMMANDS = List.of(
            "status",
            "network ls",
            "network inspect rehearsal",
            "endpoint ls",
            "ipam ls",
            "doctor",
            "reconcile",
            "state check",
            "config check",
            "config show");

    private Rehearsal() {}

    /// @param folder for its sockets and its state
    /// @throws IOException if the agent's socket cannot be served
    static void run(Path folder) throws IOException {
        var socket = folder.resolve("weft.sock");
        var file = Files.writeString(folder.resolve("weft.toml"), """
                [agent]
                socket = "%1$s/weft.sock"
                admin_socket = "%1$s/admin.sock"
                state = "%1$s/state"
                [docker]
                socket = "%1$s/docker.sock"
                """.formatted(folder));
        var flags = Map.of("--config", file.toString());
        try (var _ = Agent.start(Configuration.read(Map.of(), flags));
                var client = EngineClient.of(EngineVersion.V28_5, new PluginAddress.Unix(socket))) {
            var docker = new DockerCommands(client);
            var network = docker.networkCreate(NetworkSettings.named("rehearsal")
                    .withIpv6()
                    .withIpam(NetworkSettings.Ipam.PLUGIN)
                    .internalOnly());
            var container = docker.run("rehearsal", network);
            for (var command : COMMANDS) {
                Main.command((command + " --config " + file).split(" "));
            }
            Main.command("version");
            Main.command("help");
            docker.stop(container);
            docker.networkRemove(network);
        }
    }
}
