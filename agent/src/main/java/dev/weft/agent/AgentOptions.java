package dev.weft.agent;

import dev.weft.agent.config.Configuration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The flags of `weft agent`.
final class AgentOptions {
    static final String USAGE = """
            weft agent [--config FILE] [--socket PATH] [--admin-socket PATH]
                       [--state FOLDER] [--fabric NAME]

            Serves the Docker network driver `weft` until it gets SIGTERM or SIGINT. Packets
            keep flowing without it.

              --config FILE    configuration            (/etc/weft/weft.toml, if there)
              --socket PATH    plugin socket            (/run/docker/plugins/weft.sock)
              --admin-socket PATH   where the commands of weft find it
                               (/run/weft/admin.sock)
              --state FOLDER   networks and endpoints   (/var/lib/weft)
              --fabric NAME    network namespace of the bridges, seen by ip netns   (weft)

            What flags say goes before the environment, and that before the configuration.
            See weft config --help.""";

    private AgentOptions() {}

    /// Reads `--name value` pairs, reporting every mistake at once; what the values must be is the configuration's.
    ///
    /// @return the values by their flags, the last of a flag that is repeated
    /// @throws IllegalArgumentException with all mistakes in one line
    static Map<String, String> parse(List<String> arguments) {
        var values = new LinkedHashMap<String, String>();
        var problems = new ArrayList<String>();
        for (int i = 0; i < arguments.size(); i += 2) {
            var option = arguments.get(i);
            var value = i + 1 < arguments.size() ? arguments.get(i + 1) : "";
            if (!Configuration.flags().contains(option)) {
                problems.add("unknown option '" + option + "'; known: " + String.join(", ", Configuration.flags()));
            }
            if (value.isEmpty()) {
                problems.add("option '" + option + "' needs a value");
            }
            values.put(option, value);
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        return values;
    }
}
