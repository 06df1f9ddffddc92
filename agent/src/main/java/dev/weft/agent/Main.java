package dev.weft.agent;

import dev.weft.agent.cli.Commands;
import dev.weft.agent.config.Configuration;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// The program: the agent itself, which starts without the library of the command line, or one of [Commands].
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws InterruptedException {
        int status = arguments.length > 0 && arguments[0].equals("agent")
                ? agent(Arrays.asList(arguments).subList(1, arguments.length))
                : Commands.run("weft " + Version.current() + " (Java " + Runtime.version() + ")", arguments);
        if (status != 0) {
            System.exit(status);
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
