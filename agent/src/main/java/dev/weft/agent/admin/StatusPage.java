package dev.weft.agent.admin;

import dev.weft.agent.doctor.Patient;
import dev.weft.agent.member.ClusterMember;
import dev.weft.agent.upkeep.Reconciler;
import dev.weft.agent.upkeep.Upkeep;
import dev.weft.state.EngineRecord;
import dev.weft.state.Registry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// `GET /v1/status`: whether the agent works, and what it has to do with.
final class StatusPage {
    private StatusPage() {}

    static Map<String, ?> of(AgentProcess process, Standing standing) {
        var page = new LinkedHashMap<String, @Nullable Object>();
        page.put("version", process.version());
        page.put("java", Runtime.version().toString());
        page.put("pid", ProcessHandle.current().pid());
        page.put("started", process.started().toString());
        page.put("uptime_seconds", seconds(process.started(), Instant.now()));
        switch (standing) {
            case Standing.Starting _ -> page.put("state", "starting");
            case Standing.Works _ -> page.put("state", "working");
            case Standing.Unable(var sentence) -> {
                page.put("state", "unable");
                page.put("reason", sentence);
            }
        }
        var options = process.options();
        page.put("plugin_socket", process.inherited() ? null : options.socket().toString());
        page.put("admin_socket", options.adminSocket().toString());
        page.put("fabric", options.fabric());
        page.put("state_folder", options.state().toString());
        page.put("state_bytes", size(options.state()));
        if (standing instanceof Standing.Works(var parts)) {
            add(page, parts);
        }
        return page;
    }

    private static void add(Map<String, @Nullable Object> page, Patient parts) {
        var registry = parts.registry();
        page.put("networks", registry.networks().size());
        page.put("endpoints", registry.endpoints().size());
        page.put("pools", registry.pools().size());
        page.put("comparison", comparison(parts.reconciler()));
        var problems = new TreeSet<>(parts.reconciler().problems());
        registry.failure().ifPresent(problems::add);
        var upkeep = parts.upkeep();
        if (upkeep != null) {
            problems.addAll(upkeep.problems());
            page.put("engine", engine(upkeep, registry.engine().orElse(null)));
        }
        var member = parts.member();
        if (member != null) {
            problems.addAll(member.problems());
            page.put("cluster", cluster(member, registry));
        }
        page.put("problems", List.copyOf(problems));
    }

    private static Map<String, ?> cluster(ClusterMember member, Registry registry) {
        var cluster = new LinkedHashMap<String, @Nullable Object>();
        cluster.put("connected", member.away().isEmpty());
        cluster.put("away", member.away().isEmpty() ? null : member.away());
        cluster.put("host", member.id());
        cluster.put(
                "hosts",
                registry.hosts().stream().filter(host -> !host.forgotten()).count());
        cluster.put(
                "networks",
                registry.sharedNetworks().stream()
                        .filter(network -> !network.removed())
                        .count());
        return cluster;
    }

    private static Map<String, ?> comparison(Reconciler reconciler) {
        var comparison = new LinkedHashMap<String, @Nullable Object>();
        reconciler.lastRound().ifPresent(round -> {
            comparison.put("at", round.at().toString());
            comparison.put("age_seconds", seconds(round.at(), Instant.now()));
            comparison.put("took_ms", round.took().toMillis());
        });
        comparison.put("rounds", reconciler.rounds());
        comparison.put("repairs", reconciler.repairs());
        return comparison;
    }

    private static Map<String, ?> engine(Upkeep upkeep, @Nullable EngineRecord known) {
        var engine = new LinkedHashMap<String, @Nullable Object>();
        engine.put("connected", upkeep.away().isEmpty());
        engine.put("away", upkeep.away().isEmpty() ? null : upkeep.away());
        upkeep.engine().ifPresent(info -> {
            engine.put("id", info.id());
            engine.put("name", info.name());
            engine.put("version", info.version());
        });
        engine.put("recorded_id", known == null ? null : known.id());
        engine.put("collected", upkeep.collected());
        return engine;
    }

    /// 0 where the clock was put back meanwhile.
    private static long seconds(Instant from, Instant to) {
        return Math.max(0, Duration.between(from, to).toSeconds());
    }

    /// Bytes of the files in the folder; 0 if it is not there or cannot be read.
    private static long size(Path folder) {
        try (var files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(StatusPage::bytes)
                    .sum();
        } catch (IOException | UncheckedIOException unreadable) {
            return 0;
        }
    }

    private static long bytes(Path file) {
        try {
            return Files.size(file);
        } catch (IOException goneMeanwhile) {
            return 0;
        }
    }
}
