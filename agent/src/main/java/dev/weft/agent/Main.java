package dev.weft.agent;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/// The command line: `agent`, `version`, `help`. Exit status 0, 1 for what failed, 2 for what was mistyped.
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws InterruptedException {
        var command = arguments.length == 0 ? "help" : arguments[0];
        var rest = Arrays.asList(arguments).subList(Math.min(1, arguments.length), arguments.length);
        int status = switch (command) {
            case "agent" -> agent(rest);
            case "version" -> print("weft " + Version.current() + " (Java " + Runtime.version() + ")");
            case "help", "-h", "--help" -> print(AgentOptions.USAGE);
            default -> mistyped("unknown command '" + command + "'; known: agent, version, help");
        };
        if (status != 0) {
            System.exit(status);
        }
    }

    private static int agent(List<String> arguments) throws InterruptedException {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            return print(AgentOptions.USAGE);
        }
        AgentOptions options;
        try {
            options = AgentOptions.parse(arguments);
        } catch (IllegalArgumentException mistake) {
            return mistyped(String.valueOf(mistake.getMessage()));
        }
        LogFormat.install();
        try (var agent = Agent.start(options)) {
            agent.awaitStop();
            return 0;
        } catch (IOException failure) {
            System.err.println("weft: " + failure.getMessage());
            return 1;
        }
    }

    private static int print(String text) {
        System.out.println(text);
        return 0;
    }

    private static int mistyped(String sentence) {
        System.err.println("weft: " + sentence + ". See weft agent --help.");
        return 2;
    }
}
