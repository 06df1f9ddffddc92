package dev.weft.agent.cli;

import dev.weft.agent.config.Outcome;
import dev.weft.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `weft host ls`.
@Command(name = "ls", description = "List the hosts of the cluster.")
final class HostLs implements Callable<Integer> {
    @Mixin
    private final Inquiry inquiry;

    HostLs(Function<Map<String, String>, Outcome> configuration) {
        inquiry = new Inquiry(configuration);
    }

    @Override
    public Integer call() {
        inquiry.show(inquiry.agent().get("hosts"), answer -> text(answer, Instant.now()));
        return ExitCodes.OK;
    }

    static String text(JsonObject answer, Instant now) {
        var hosts = answer.objects("hosts");
        if (hosts.isEmpty()) {
            return "This host is in no cluster: cluster.store is empty.";
        }
        var table = new Table("HOST", "ID", "ADDRESSES", "HEARD", "ENDPOINTS", "WEFT");
        for (var host : hosts) {
            table.row(
                    host.string("name"),
                    host.string("id"),
                    String.join("\n", host.strings("addresses")),
                    heard(host, now),
                    Long.toString(host.number("endpoints", 0, Integer.MAX_VALUE)),
                    host.string("version"));
        }
        return table.toString();
    }

    private static String heard(JsonObject host, Instant now) {
        if (host.flag("self", false)) {
            return "this host";
        }
        if (host.flag("forgotten", false)) {
            return "forgotten";
        }
        var heard = host.optional("heard", Instant::parse);
        return heard == null
                ? "not yet"
                : Figures.seconds(Math.max(0, Duration.between(heard, now).toSeconds())) + " ago";
    }
}
