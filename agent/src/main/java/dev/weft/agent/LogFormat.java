package dev.weft.agent;

import dev.weft.agent.config.LogLevel;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// One line per event on standard error, with the priority prefix that journald reads (sd-daemon(3)).
final class LogFormat extends Formatter {
    /// Holds the level: loggers that nobody refers to are forgotten.
    private static final Logger OURS = Logger.getLogger("dev.weft");

    /// @param level of Weft's own events; libraries tell less
    static void install(LogLevel level) {
        var handler = new ConsoleHandler();
        handler.setLevel(Level.ALL);
        handler.setFormatter(new LogFormat());
        var all = Logger.getLogger("");
        Arrays.stream(all.getHandlers()).forEach(all::removeHandler);
        all.setLevel(
                switch (level) {
                    case ERROR -> Level.SEVERE;
                    case WARNING, INFO -> Level.WARNING;
                    case DEBUG -> Level.INFO;
                });
        all.addHandler(handler);
        OURS.setLevel(level(level));
    }

    private static Level level(LogLevel level) {
        return switch (level) {
            case ERROR -> Level.SEVERE;
            case WARNING -> Level.WARNING;
            case INFO -> Level.INFO;
            case DEBUG -> Level.FINE;
        };
    }

    @Override
    public String format(LogRecord event) {
        var line = priority(event.getLevel()) + formatMessage(event) + System.lineSeparator();
        return event.getThrown() == null ? line : line + trace(event.getThrown());
    }

    private static String priority(Level level) {
        if (level.intValue() >= Level.SEVERE.intValue()) {
            return "<3>";
        }
        if (level.intValue() >= Level.WARNING.intValue()) {
            return "<4>";
        }
        return level.intValue() >= Level.INFO.intValue() ? "<6>" : "<7>";
    }

    private static String trace(Throwable thrown) {
        var text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }
}
