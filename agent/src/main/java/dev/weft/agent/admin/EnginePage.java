package dev.weft.agent.admin;

import dev.weft.agent.doctor.Patient;
import java.util.LinkedHashMap;
import java.util.Map;

/// `POST /v1/engine/adopt`: the engine that answers is the right one from now on.
final class EnginePage {
    private EnginePage() {}

    static Map<String, ?> adopt(Patient parts) {
        var upkeep = parts.upkeep();
        if (upkeep == null) {
            throw new Rejection(
                    Rejection.FAILED,
                    "there is no engine to adopt: docker.socket is empty, so Weft never talks to one.");
        }
        var engine = upkeep.adopt();
        var page = new LinkedHashMap<String, Object>();
        page.put("id", engine.id());
        page.put("name", engine.name());
        page.put("version", engine.version());
        return page;
    }
}
