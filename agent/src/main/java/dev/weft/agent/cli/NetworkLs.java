package dev.weft.agent.cli;

import static java.util.Objects.requireNonNullElse;

import dev.weft.agent.config.Outcome;
import dev.weft.json.JsonObject;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `weft network ls`.
@Command(name = "ls", description = "List the networks of this host.")
final class NetworkLs implements Callable<Integer> {
    @Mixin
    private final Inquiry inquiry;

    NetworkLs(Function<Map<String, String>, Outcome> configuration) {
        inquiry = new Inquiry(configuration);
    }

    @Override
    public Integer call() {
        inquiry.show(inquiry.agent().get("networks"), NetworkLs::text);
        return ExitCodes.OK;
    }

    static String text(JsonObject answer) {
        var table = new Table("NETWORK", "ID", "MODE", "MTU", "ENDPOINTS", "SUBNETS");
        for (var network : answer.objects("networks")) {
            table.row(
                    requireNonNullElse(network.optionalString("name"), "(not told yet)"),
                    Table.shortId(network.string("id")),
                    network.string("mode"),
                    Long.toString(network.number("mtu", 0, Integer.MAX_VALUE)),
                    Long.toString(network.number("endpoints", 0, Integer.MAX_VALUE)),
                    String.join("\n", network.strings("subnets")));
        }
        return table.toString();
    }
}
