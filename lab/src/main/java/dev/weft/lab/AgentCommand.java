package dev.weft.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// How the lab starts the Weft of this repository.
final class AgentCommand {
    /// Replaces the command up to and including `agent`; words separated by spaces.
    static final String PROPERTY = "weft.agent.command";

    private AgentCommand() {}

    /// The agent, or what the system property names in its place.
    static List<String> agent(String... arguments) {
        String other = System.getProperty(PROPERTY, "");
        if (other.isEmpty()) {
            return weft(Stream.concat(Stream.of("agent"), Stream.of(arguments)).toArray(String[]::new));
        }
        return append(List.of(other.strip().split("\\s+")), arguments);
    }

    /// Any command of `weft`, as the launcher runs it once it is built.
    static List<String> weft(String... arguments) {
        return append(ofThisRepository(), arguments);
    }

    private static List<String> append(List<String> command, String... arguments) {
        var words = new ArrayList<>(command);
        words.addAll(List.of(arguments));
        return words;
    }

    private static List<String> ofThisRepository() {
        Path distribution = Home.folder().resolve("agent/target/dist");
        if (!Files.isDirectory(distribution)) {
            throw new LabException(
                    "the agent is not built: there is no " + distribution + ", so build the repository first");
        }
        var java = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Home.folder().resolve("agent/jvm.options"),
                "-Dweft.home=" + Home.folder());
        var program = List.of("-cp", distribution + "/*", "dev.weft.agent.Main");
        return Stream.of(java, new AgentTraining(distribution).options(java, program), program)
                .flatMap(List::stream)
                .toList();
    }
}
