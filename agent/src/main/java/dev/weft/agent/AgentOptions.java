package dev.weft.agent;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What `weft agent` was told on its command line.
///
/// @param socket where engines look for the plugin `weft`
/// @param state  folder of what must survive the agent
/// @param fabric name under `/run/netns` of the network namespace with Weft's bridges
record AgentOptions(Path socket, Path state, String fabric) {
    static final String USAGE = """
            weft agent [--socket PATH] [--state FOLDER] [--fabric NAME]

            Serves the Docker network driver `weft` until it gets SIGTERM or SIGINT. Packets keep flowing without it.

              --socket PATH    plugin socket            (/run/docker/plugins/weft.sock)
              --state FOLDER   networks and endpoints   (/var/lib/weft)
              --fabric NAME    network namespace of the bridges, seen by ip netns   (weft)""";

    /// Reads `--name value` pairs, reporting every mistake at once.
    ///
    /// @throws IllegalArgumentException with all mistakes in one line
    static AgentOptions parse(List<String> arguments) {
        var socket = "/run/docker/plugins/weft.sock";
        var state = "/var/lib/weft";
        var fabric = "weft";
        var problems = new ArrayList<String>();
        for (int i = 0; i < arguments.size(); i += 2) {
            var option = arguments.get(i);
            var value = i + 1 < arguments.size() ? arguments.get(i + 1) : "";
            switch (option) {
                case "--socket" -> socket = value;
                case "--state" -> state = value;
                case "--fabric" -> fabric = value;
                default -> problems.add("unknown option '" + option + "'; known: --fabric, --socket, --state");
            }
            if (value.isEmpty()) {
                problems.add("option '" + option + "' needs a value");
            }
        }
        if (!fabric.matches("[A-Za-z0-9][A-Za-z0-9_.-]*")) {
            problems.add("--fabric is '" + fabric + "'; give a name of letters, digits, '.', '_' and '-'");
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        return new AgentOptions(Path.of(socket), Path.of(state), fabric);
    }
}
