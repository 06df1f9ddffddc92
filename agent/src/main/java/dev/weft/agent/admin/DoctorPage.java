package dev.weft.agent.admin;

import dev.weft.agent.doctor.Doctor;
import dev.weft.agent.doctor.Finding;
import dev.weft.agent.doctor.Patient;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// `GET /v1/doctor?client=VERSION`.
final class DoctorPage {
    private DoctorPage() {}

    static Map<String, ?> of(Patient patient, String client) {
        return Map.of(
                "findings",
                Doctor.examine(patient, client).stream().map(DoctorPage::row).toList());
    }

    private static Map<String, ?> row(Finding finding) {
        var row = new LinkedHashMap<String, Object>();
        row.put("code", finding.code());
        row.put("severity", finding.severity().name().toLowerCase(Locale.ROOT));
        row.put("subject", finding.subject());
        row.put("sentence", finding.sentence());
        return row;
    }
}
