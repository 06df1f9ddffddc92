package dev.weft.agent.doctor;

import dev.weft.agent.doctor.Snapshot.EngineFacts;
import java.util.ArrayList;
import java.util.List;

/// An engine that is away, is another one, or has left containers down.
final class EngineCheck {
    private EngineCheck() {}

    static List<Finding> of(Snapshot facts) {
        return switch (facts.engine()) {
            case EngineFacts.Unasked _ -> List.of();
            case EngineFacts.Away(var reason) ->
                List.of(Finding.warning(
                        "engine-away",
                        "",
                        "the Docker API does not answer: " + reason
                                + " Calls of the engine are served; names and leaks are not seen meanwhile."));
            case EngineFacts.Present engine -> present(engine);
        };
    }

    private static List<Finding> present(EngineFacts.Present engine) {
        var findings = new ArrayList<Finding>();
        var known = engine.knownId();
        if (known != null && !known.equals(engine.id())) {
            findings.add(Finding.error(
                    "another-engine",
                    "",
                    "the engine's id is " + engine.id() + ", and the networks on record are of engine " + known
                            + ": nothing that the engine lacks is removed. If it is the right one, run"
                            + " 'weft engine adopt'; if not, look which data folder it was started with."));
        }
        engine.leftDown().forEach(sentence -> findings.add(Finding.error("container-down", sentence, sentence)));
        return findings;
    }
}
