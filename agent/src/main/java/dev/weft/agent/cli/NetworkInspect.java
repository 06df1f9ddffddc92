package dev.weft.agent.cli;

import static java.util.Objects.requireNonNullElse;
import static java.util.stream.Collectors.joining;

import dev.weft.agent.config.Outcome;
import dev.weft.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `weft network inspect`.
@Command(name = "inspect", description = "Show all that is on record of a network, and its endpoints.")
final class NetworkInspect implements Callable<Integer> {
    @Mixin
    private final Inquiry inquiry;

    @Parameters(paramLabel = "NETWORK", description = "Its name, or the beginning of its id.")
    private String network = "";

    NetworkInspect(Function<Map<String, String>, Outcome> configuration) {
        inquiry = new Inquiry(configuration);
    }

    @Override
    public Integer call() {
        inquiry.show(inquiry.agent().get("networks/" + AdminClient.encoded(network)), NetworkInspect::text);
        return ExitCodes.OK;
    }

    static String text(JsonObject network) {
        var facts = Table.withoutHeadings();
        facts.row("network", requireNonNullElse(network.optionalString("name"), "(not told yet)"));
        facts.row("id", network.string("id"));
        facts.row("mode", network.string("mode") + (network.flag("internal", false) ? ", internal" : ""));
        facts.row("mtu", network.number("mtu", 0, Integer.MAX_VALUE) + " bytes inside");
        facts.row(
                "subnets",
                network.objects("subnets").stream().map(NetworkInspect::subnet).collect(joining("\n")));
        facts.row("options", options(network));
        row(facts, "bridge", network.optionalString("bridge"));
        row(facts, "parent", network.optionalString("parent"));
        var endpoints = network.objects("endpoints");
        if (network.values().get("cluster") == null) {
            return facts + "\n\n" + (endpoints.isEmpty() ? "no endpoints" : EndpointLs.table(endpoints));
        }
        var cluster = network.object("cluster");
        long vni = cluster.values().get("vni") == null ? 0 : cluster.number("vni", 0, Integer.MAX_VALUE);
        facts.row("cluster", "created by host " + cluster.string("creator") + (vni == 0 ? "" : ", VNI " + vni));
        var others = cluster.objects("endpoints");
        return facts + "\n\n" + (endpoints.isEmpty() ? "no endpoints here" : EndpointLs.table(endpoints)) + "\n\n"
                + (others.isEmpty() ? "no endpoints on other hosts" : elsewhere(others));
    }

    private static Table elsewhere(List<JsonObject> endpoints) {
        var table = new Table("CONTAINER", "HOST", "ADDRESSES", "MAC");
        for (var endpoint : endpoints) {
            table.row(
                    EndpointLs.container(endpoint),
                    endpoint.string("host"),
                    EndpointLs.addresses(endpoint),
                    endpoint.string("mac"));
        }
        return table;
    }

    private static void row(Table facts, String name, @Nullable String value) {
        if (value != null) {
            facts.row(name, value);
        }
    }

    private static String subnet(JsonObject subnet) {
        var gateway = subnet.optionalString("gateway");
        return subnet.string("subnet")
                + (gateway == null ? "" : ", gateway " + gateway)
                + (subnet.optionalString("pool") == null ? "" : ", from Weft's IPAM");
    }

    /// A line each.
    static String options(JsonObject of) {
        var options = of.object("options");
        return options.values().isEmpty()
                ? "none"
                : options.values().entrySet().stream()
                        .map(option -> option.getKey() + "=" + option.getValue())
                        .collect(joining("\n"));
    }
}
