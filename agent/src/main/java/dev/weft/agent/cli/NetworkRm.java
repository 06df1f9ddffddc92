package dev.weft.agent.cli;

import dev.weft.agent.config.Outcome;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `weft network rm`.
@Command(name = "rm", description = "Remove a network from all hosts of the cluster.")
final class NetworkRm implements Callable<Integer> {
    @Mixin
    private final Inquiry inquiry;

    @Option(
            names = "--force",
            description = "Also if containers are on it: it goes from each host when those are gone.")
    private boolean force;

    @Parameters(paramLabel = "NETWORK", description = "Its name, or the beginning of its id.")
    private String network = "";

    NetworkRm(Function<Map<String, String>, Outcome> configuration) {
        inquiry = new Inquiry(configuration);
    }

    @Override
    public Integer call() {
        var path = "networks/" + AdminClient.encoded(network) + "/remove" + (force ? "?force=true" : "");
        inquiry.show(
                inquiry.agent().post(path, ""),
                answer -> "Network " + answer.string("name") + " is removed from the cluster; hosts remove it now.");
        return ExitCodes.OK;
    }
}
