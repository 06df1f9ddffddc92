package dev.weft.agent.cli;

import static java.util.Objects.requireNonNullElse;

import dev.weft.agent.config.Outcome;
import dev.weft.json.JsonObject;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `weft ipam ls`.
@Command(name = "ls", description = "List the subnets that Weft's IPAM driver has given, and how full they are.")
final class IpamLs implements Callable<Integer> {
    @Mixin
    private final Inquiry inquiry;

    IpamLs(Function<Map<String, String>, Outcome> configuration) {
        inquiry = new Inquiry(configuration);
    }

    @Override
    public Integer call() {
        inquiry.show(inquiry.agent().get("pools"), IpamLs::text);
        return ExitCodes.OK;
    }

    static String text(JsonObject answer) {
        var table = new Table("SUBNET", "NETWORK", "SIZE", "GIVEN", "FREE", "GATEWAY");
        for (var pool : answer.objects("pools")) {
            table.row(
                    subnet(pool),
                    network(pool),
                    Figures.addresses(pool.number("size", 0, Long.MAX_VALUE)),
                    Figures.addresses(pool.number("given", 0, Long.MAX_VALUE)),
                    Figures.addresses(pool.number("free", 0, Long.MAX_VALUE)) + " (" + pool.number("free_percent", 100)
                            + " %)",
                    requireNonNullElse(pool.optionalString("gateway"), "none"));
        }
        return table.toString();
    }

    /// With the part in which addresses are chosen below it, if that is not the whole.
    private static String subnet(JsonObject pool) {
        var subnet = pool.string("subnet");
        var range = pool.string("range");
        return range.equals(subnet) ? subnet : subnet + "\n" + range;
    }

    private static String network(JsonObject pool) {
        var id = pool.optionalString("network_id");
        return requireNonNullElse(pool.optionalString("network"), id == null ? "(none yet)" : Table.shortId(id));
    }
}
