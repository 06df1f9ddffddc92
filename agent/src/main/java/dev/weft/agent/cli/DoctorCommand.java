package dev.weft.agent.cli;

import static java.util.stream.Collectors.joining;

import dev.weft.agent.config.Outcome;
import dev.weft.json.JsonObject;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `weft doctor`.
@Command(name = "doctor", description = "Look for whatever is not in order on this host, and say what to do about it.")
final class DoctorCommand implements Callable<Integer> {
    private final String version;

    @Mixin
    private final Inquiry inquiry;

    /// @param version of this Weft
    DoctorCommand(String version, Function<Map<String, String>, Outcome> configuration) {
        this.version = version;
        inquiry = new Inquiry(configuration);
    }

    @Override
    public Integer call() {
        var found =
                inquiry.show(inquiry.agent().get("doctor?client=" + AdminClient.encoded(version)), DoctorCommand::text);
        return found.objects("findings").isEmpty() ? ExitCodes.OK : ExitCodes.FINDINGS;
    }

    static String text(JsonObject answer) {
        var findings = answer.objects("findings");
        if (findings.isEmpty()) {
            return "Everything is in order.";
        }
        var errors = findings.stream()
                .filter(finding -> finding.string("severity").equals("error"))
                .count();
        return Figures.count(errors, "error") + ", " + Figures.count(findings.size() - errors, "warning") + ".\n\n"
                + findings.stream().map(DoctorCommand::block).collect(joining("\n\n"));
    }

    private static String block(JsonObject finding) {
        var indent = "    ";
        return finding.string("severity").toUpperCase(Locale.ROOT) + " " + finding.string("code") + "\n" + indent
                + String.join("\n" + indent, Table.wrapped(finding.string("sentence"), Table.WIDTH - indent.length()));
    }
}
