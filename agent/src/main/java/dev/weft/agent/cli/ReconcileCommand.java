package dev.weft.agent.cli;

import dev.weft.agent.config.Outcome;
import dev.weft.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `weft reconcile`.
@Command(name = "reconcile", description = "Compare what should exist with what does, and mend it, now.")
final class ReconcileCommand implements Callable<Integer> {
    @Mixin
    private final Inquiry inquiry;

    ReconcileCommand(Function<Map<String, String>, Outcome> configuration) {
        inquiry = new Inquiry(configuration);
    }

    @Override
    public Integer call() {
        var outcome = inquiry.show(inquiry.agent().post("reconcile", ""), ReconcileCommand::text);
        return outcome.strings("problems").isEmpty() ? ExitCodes.OK : ExitCodes.FINDINGS;
    }

    static String text(JsonObject outcome) {
        var text = new StringBuilder("Compared "
                + Figures.count(outcome.number("networks", Integer.MAX_VALUE), "network") + " and "
                + Figures.count(outcome.number("endpoints", Integer.MAX_VALUE), "endpoint") + " in "
                + outcome.number("took_ms", Integer.MAX_VALUE) + " ms: ");
        var problems = outcome.strings("problems");
        var repairs = outcome.strings("repairs");
        var removed = outcome.strings("removed");
        if (problems.isEmpty() && repairs.isEmpty() && removed.isEmpty()) {
            return text.append("everything is as recorded.").toString();
        }
        text.append(Figures.count(repairs.size() + removed.size(), "repair")).append(", ");
        text.append(Figures.count(problems.size(), "problem")).append(".");
        append(text, "Not mended:", problems);
        append(text, "Repaired:", repairs);
        append(text, "Removed what was left of:", removed);
        return text.toString();
    }

    private static void append(StringBuilder text, String heading, List<String> items) {
        if (!items.isEmpty()) {
            text.append('\n').append(heading).append('\n').append(Bullets.of(items));
        }
    }
}
