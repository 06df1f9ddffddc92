package dev.weft.agent.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/// The flags of `weft agent`, as the commands take them that ask what it would make of them.
final class AgentFlags {
    private final Map<String, String> values = new LinkedHashMap<>();

    @Option(names = "--config", paramLabel = "FILE", description = "Instead of /etc/weft/weft.toml.")
    void config(String file) {
        values.put("--config", file);
    }

    @Option(names = "--socket", paramLabel = "PATH", description = "As weft agent has it.")
    void socket(String path) {
        values.put("--socket", path);
    }

    @Option(names = "--admin-socket", paramLabel = "PATH", description = "As weft agent has it.")
    void adminSocket(String path) {
        values.put("--admin-socket", path);
    }

    @Option(names = "--state", paramLabel = "FOLDER", description = "As weft agent has it.")
    void state(String folder) {
        values.put("--state", folder);
    }

    @Option(names = "--fabric", paramLabel = "NAME", description = "As weft agent has it.")
    void fabric(String name) {
        values.put("--fabric", name);
    }

    /// By their names; those that were given.
    Map<String, String> values() {
        return values;
    }
}
