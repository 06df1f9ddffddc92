package dev.weft.agent.cli;

import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// What standard error says of a command that was mistyped or failed: one sentence.
final class Complaints {
    private Complaints() {}

    static int mistyped(ParameterException mistake) {
        var line = mistake.getCommandLine();
        var command = line.getCommandSpec().qualifiedName();
        line.getErr().println("weft: " + sentence(mistake) + ". See " + command + " --help.");
        return ExitCodes.MISTYPED;
    }

    private static String sentence(ParameterException mistake) {
        var line = mistake.getCommandLine();
        var commands = line.getSubcommands().keySet();
        if (mistake instanceof UnmatchedArgumentException unmatched) {
            var word = unmatched.getUnmatched().getFirst();
            var what = word.startsWith("-") ? "option" : commands.isEmpty() ? "argument" : "command";
            return "unknown " + what + " '" + word + "'";
        }
        if (!commands.isEmpty()) {
            return "a command is missing";
        }
        var text = String.valueOf(mistake.getMessage());
        return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }

    static int failed(Exception failure, CommandLine command) {
        command.getErr().println("weft: " + failure.getMessage());
        return ExitCodes.FAILED;
    }
}
