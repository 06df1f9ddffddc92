package dev.weft.agent;

import dev.weft.agent.cli.Commands;
import dev.weft.agent.config.Configuration;
import dev.weft.agent.config.LogLevel;
import dev.weft.netlink.NetlinkException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// The program: the agent itself, which starts without the library of the command line, as a daemon or as a managed
/// plugin of Docker's, or one of [Commands].
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws InterruptedException {
        int status = switch (arguments.length == 0 ? "" : arguments[0]) {
            case "agent" -> agent(Arrays.asList(arguments).subList(1, arguments.length));
            case "plugin" -> managedPlugin();
            case "rehearse" -> rehearse(arguments);
            default -> command(arguments);
        };
        if (status != 0) {
            System.exit(status);
        }
    }

    /// One of [Commands].
    static int command(String... arguments) {
        return Commands.run("weft " + Version.current() + " (Java " + Runtime.version() + ")", arguments);
    }

    /// The agent as a managed plugin of Docker's, which is told everything by variables.
    private static int managedPlugin() throws InterruptedException {
        try {
            PluginContainer.settle();
        } catch (IOException | NetlinkException failure) {
            System.err.println("weft: cannot work as a managed plugin: " + failure.getMessage());
            return 1;
        }
        return agent(List.of());
    }

    /// For the making of packages.
    private static int rehearse(String... arguments) {
        if (arguments.length != 2) {
            System.err.println("weft: weft rehearse takes an empty folder, and is for the making of packages alone.");
            return 2;
        }
        System.setProperty("java.util.logging.manager", LastingLogs.class.getName()); // before the first logger
        LogFormat.install(LogLevel.INFO);
        try {
            Rehearsal.run(Path.of(arguments[1]));
            return 0;
        } catch (IOException failure) {
            System.err.println("weft: " + failure.getMessage());
            return 1;
        }
    }

    private static int agent(List<String> arguments) throws InterruptedException {
        System.setProperty("java.util.logging.manager", LastingLogs.class.getName()); // before the first logger
        if (arguments.contains("--help") || arguments.contains("-h")) {
            System.out.println(AgentOptions.USAGE);
            return 0;
        }
        Map<String, String> flags;
        try {
            flags = AgentOptions.parse(arguments);
        } catch (IllegalArgumentException mistake) {
            System.err.println("weft: " + mistake.getMessage() + ". See weft agent --help.");
            return 2;
        }
        var told = Configuration.read(System.getenv(), flags);
        LogFormat.install(told.configuration().logLevel());
        try (var agent = Agent.start(told)) {
            agent.awaitStop();
            return 0;
        } catch (IOException failure) {
            System.err.println("weft: " + failure.getMessage());
            return 1;
        }
    }
}
