package dev.weft.packaging;

import dev.weft.agent.config.Configuration;
import dev.weft.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `config.json` of the managed plugin: what is written by hand, with the command and the settings filled in.
final class PluginConfig {
    /// The engine says where the socket is, and what is outside the plugin's own folder is lost at an upgrade.
    private static final Set<String> FIXED = Set.of("WEFT_AGENT_SOCKET", "WEFT_AGENT_STATE");

    private PluginConfig() {}

    /// @param template with the places `"@entrypoint@"` and `"@env@"`
    static String text(String template) {
        var command = new ArrayList<>(Installation.java(Path.of("/usr/lib/weft")));
        command.add("plugin");
        List<Map<String, ?>> settings = new ArrayList<>();
        for (var variable : Configuration.variables()) {
            if (!FIXED.contains(variable.name())) {
                settings.add(Map.of(
                        "name", variable.name(), "description", variable.meaning(), "settable", List.of("value")));
            }
        }
        return template.replace("\"@entrypoint@\"", Json.write(command)).replace("\"@env@\"", Json.write(settings));
    }
}
