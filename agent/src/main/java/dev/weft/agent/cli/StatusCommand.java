package dev.weft.agent.cli;

import static java.util.Objects.requireNonNullElse;

import dev.weft.agent.config.Outcome;
import dev.weft.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `weft status`.
@Command(name = "status", description = "Show whether the agent works, what it has and what is wrong.")
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private final Inquiry inquiry;

    StatusCommand(Function<Map<String, String>, Outcome> configuration) {
        inquiry = new Inquiry(configuration);
    }

    @Override
    public Integer call() {
        var status = inquiry.show(inquiry.agent().get("status"), StatusCommand::text);
        if (!isWorking(status)) {
            return ExitCodes.FAILED;
        }
        return status.strings("problems").isEmpty() ? ExitCodes.OK : ExitCodes.FINDINGS;
    }

    private static boolean isWorking(JsonObject status) {
        return status.string("state").equals("working");
    }

    /// What matters at once comes first.
    static String text(JsonObject status) {
        var facts = Table.withoutHeadings();
        facts.row(
                "agent",
                "pid " + status.number("pid", Integer.MAX_VALUE) + ", up "
                        + Figures.seconds(number(status, "uptime_seconds")) + ", Java " + status.string("java"));
        facts.row(
                "sockets",
                requireNonNullElse(status.optionalString("plugin_socket"), "the one that it was started with")
                        + " for engines\n" + status.string("admin_socket") + " for weft");
        facts.row("state", status.string("state_folder") + ", " + Figures.bytes(number(status, "state_bytes")));
        if (isWorking(status)) {
            addWork(facts, status);
        }
        return headline(status) + "\n\n" + facts;
    }

    private static String headline(JsonObject status) {
        var weft = "Weft " + status.string("version");
        return switch (status.string("state")) {
            case "working" -> {
                var problems = status.strings("problems");
                yield problems.isEmpty()
                        ? weft + " works, and no problem is known."
                        : weft + " works, with " + Figures.count(problems.size(), "problem") + ":\n"
                                + Bullets.of(problems);
            }
            case "unable" ->
                weft + " does not work:\n"
                        + Bullets.of(List.of(requireNonNullElse(status.optionalString("reason"), "")));
            default -> weft + " is still starting.";
        };
    }

    private static void addWork(Table facts, JsonObject status) {
        facts.row(
                "networks",
                number(status, "networks") + ", with " + Figures.count(number(status, "endpoints"), "endpoint") + "; "
                        + Figures.count(number(status, "pools"), "subnet") + " from Weft's IPAM");
        var comparison = status.object("comparison");
        var when = comparison.optionalString("at") == null
                ? "not compared yet"
                : "compared " + Figures.seconds(number(comparison, "age_seconds")) + " ago, in "
                        + number(comparison, "took_ms") + " ms";
        facts.row("kernel", when + "; " + Figures.count(number(comparison, "repairs"), "repair") + " since the start");
        facts.row("engine", engine(status));
        if (status.values().containsKey("cluster")) {
            facts.row("cluster", cluster(status.object("cluster")));
        }
        if (status.values().containsKey("engine")) {
            facts.row(
                    "collected",
                    Figures.count(number(status.object("engine"), "collected"), "thing")
                            + " that the engine no longer had");
        }
    }

    private static String cluster(JsonObject cluster) {
        var away = cluster.optionalString("away");
        return Figures.count(number(cluster, "hosts"), "host") + ", "
                + Figures.count(number(cluster, "networks"), "network") + "; "
                + (away == null ? "connected" : "away: " + away);
    }

    private static String engine(JsonObject status) {
        if (!status.values().containsKey("engine")) {
            return "never asked, because docker.socket is empty";
        }
        var engine = status.object("engine");
        var away = engine.optionalString("away");
        var id = engine.optionalString("id");
        var who = id == null
                ? ""
                : "Docker " + engine.string("version") + " on " + requireNonNullElse(engine.optionalString("name"), "?")
                        + ", id " + id + ", ";
        var recorded = engine.optionalString("recorded_id");
        var other = id == null || recorded == null || recorded.equals(id) ? "" : "\nnot the one on record: " + recorded;
        return who + (away == null ? "connected" : "away: " + away) + other;
    }

    private static long number(JsonObject object, String name) {
        return object.number(name, 0, Long.MAX_VALUE);
    }
}
