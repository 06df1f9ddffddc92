package dev.weft.agent.admin;

import dev.weft.agent.doctor.Patient;
import java.util.LinkedHashMap;
import java.util.Map;

/// `POST /v1/reconcile`: compares what should exist with what does, and mends it, now.
final class ReconcilePage {
    private ReconcilePage() {}

    static Map<String, ?> of(Patient parts) {
        var round = parts.reconciler().compareNow();
        var page = new LinkedHashMap<String, Object>();
        page.put("networks", parts.registry().networks().size());
        page.put("endpoints", parts.registry().endpoints().size());
        page.put("took_ms", round.took().toMillis());
        page.put("repairs", round.repairs());
        page.put("removed", round.removed());
        page.put("problems", round.problems());
        return page;
    }
}
