package dev.weft.agent.cli;

import static java.util.Objects.requireNonNullElse;
import static java.util.stream.Collectors.joining;

import dev.weft.agent.config.Outcome;
import dev.weft.json.JsonObject;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `weft endpoint inspect`.
@Command(name = "inspect", description = "Show all that is on record of an endpoint, or of all those of a container.")
final class EndpointInspect implements Callable<Integer> {
    @Mixin
    private final Inquiry inquiry;

    @Parameters(paramLabel = "ENDPOINT", description = "Its container's name, or the beginning of its id.")
    private String endpoint = "";

    EndpointInspect(Function<Map<String, String>, Outcome> configuration) {
        inquiry = new Inquiry(configuration);
    }

    @Override
    public Integer call() {
        inquiry.show(inquiry.agent().get("endpoints/" + AdminClient.encoded(endpoint)), EndpointInspect::text);
        return ExitCodes.OK;
    }

    static String text(JsonObject answer) {
        return answer.objects("endpoints").stream().map(EndpointInspect::facts).collect(joining("\n\n"));
    }

    private static String facts(JsonObject endpoint) {
        var facts = Table.withoutHeadings();
        facts.row("endpoint", endpoint.string("id"));
        facts.row("container", EndpointLs.container(endpoint));
        facts.row("network", EndpointLs.network(endpoint));
        facts.row("addresses", EndpointLs.addresses(endpoint));
        facts.row("mac", endpoint.string("mac"));
        facts.row("sandbox", requireNonNullElse(endpoint.optionalString("sandbox"), "not joined"));
        facts.row("interface", requireNonNullElse(endpoint.optionalString("interface"), "not seen yet"));
        facts.row("port", requireNonNullElse(endpoint.optionalString("port"), "none"));
        facts.row("options", NetworkInspect.options(endpoint));
        return facts.toString();
    }
}
