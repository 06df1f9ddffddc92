package dev.weft.agent.cli;

import dev.weft.agent.config.Outcome;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `weft engine adopt`.
@Command(
        name = "adopt",
        description = "Say that the engine that answers is the right one: what it does not have is removed then.")
final class EngineAdopt implements Callable<Integer> {
    @Mixin
    private final Inquiry inquiry;

    EngineAdopt(Function<Map<String, String>, Outcome> configuration) {
        inquiry = new Inquiry(configuration);
    }

    @Override
    public Integer call() {
        inquiry.show(
                inquiry.agent().post("engine/adopt", ""),
                engine -> "Docker " + engine.string("version") + " with the id " + engine.string("id")
                        + " is the engine of this host now.");
        return ExitCodes.OK;
    }
}
