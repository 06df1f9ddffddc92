package dev.weft.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// How the lab starts the Weft agent of this repository.
final class AgentCommand {
    /// Replaces the command up to and including `agent`; words separated by spaces.
    static final String PROPERTY = "weft.agent.command";

    private AgentCommand() {}

    static List<String> with(String... arguments) {
        String other = System.getProperty(PROPERTY, "");
        var words = new ArrayList<>(
                other.isEmpty() ? ofThisRepository() : List.of(other.strip().split("\\s+")));
        words.addAll(List.of(arguments));
        return words;
    }

    private static List<String> ofThisRepository() {
        Path distribution = Home.folder().resolve("agent/target/dist");
        if (!Files.isDirectory(distribution)) {
            throw new LabException(
                    "the agent is not built: there is no " + distribution + ", so build the repository first");
        }
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return List.of(
                java.toString(),
                "@" + Home.folder().resolve("agent/jvm.options"),
                "-cp",
                distribution + "/*",
                "dev.weft.agent.Main",
                "agent");
    }
}
