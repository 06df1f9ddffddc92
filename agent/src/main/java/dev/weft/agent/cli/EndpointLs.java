package dev.weft.agent.cli;

import static java.util.Objects.requireNonNullElse;
import static java.util.stream.Collectors.joining;

import dev.weft.agent.config.Outcome;
import dev.weft.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `weft endpoint ls`.
@Command(name = "ls", description = "List the endpoints of this host: its containers' places in networks.")
final class EndpointLs implements Callable<Integer> {
    @Mixin
    private final Inquiry inquiry;

    EndpointLs(Function<Map<String, String>, Outcome> configuration) {
        inquiry = new Inquiry(configuration);
    }

    @Override
    public Integer call() {
        inquiry.show(inquiry.agent().get("endpoints"), answer -> table(answer.objects("endpoints")));
        return ExitCodes.OK;
    }

    static String table(List<JsonObject> endpoints) {
        var table = new Table("CONTAINER", "NETWORK", "ADDRESSES", "MAC", "PORT");
        for (var endpoint : endpoints) {
            table.row(
                    container(endpoint),
                    network(endpoint),
                    addresses(endpoint),
                    endpoint.string("mac"),
                    requireNonNullElse(endpoint.optionalString("port"), "not joined"));
        }
        return table.toString();
    }

    static String container(JsonObject endpoint) {
        return requireNonNullElse(endpoint.optionalString("container"), "(not told yet)");
    }

    static String network(JsonObject endpoint) {
        return requireNonNullElse(endpoint.optionalString("network"), Table.shortId(endpoint.string("network_id")));
    }

    /// A line for each family.
    static String addresses(JsonObject endpoint) {
        return Stream.of("ipv4", "ipv6")
                .map(endpoint::optionalString)
                .filter(Objects::nonNull)
                .collect(joining("\n"));
    }
}
