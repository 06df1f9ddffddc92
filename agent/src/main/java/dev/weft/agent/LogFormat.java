package dev.weft.agent;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;

/// One line per event on standard error, with the priority prefix that journald reads (sd-daemon(3)).
final class LogFormat extends Formatter {
    static void install() {
        LogManager.getLogManager().reset();
        var handler = new ConsoleHandler();
        handler.setFormatter(new LogFormat());
        LogManager.getLogManager().getLogger("").addHandler(handler);
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
