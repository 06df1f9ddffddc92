package dev.weft.agent.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.drivers.plan.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// An agent in a process of its own, on a real kernel and a real store, is killed with SIGKILL between any two changes
/// that it makes, and started again. Changes of the kernel are the same in many stories: where what was just done and
/// what was done before it are so, it dies in the first only. With `-Dweft.long=true` it dies at every moment of each
/// story, on two engines, and also so that what the engine rolls back is not heard.
@Tag("kernel")
@DisplayNameGeneration(ReplaceUnderscores.class)
class CrashMatrixTest {
    private static final boolean LONG = Boolean.getBoolean("weft.long");

    /// Steps that change nothing, or that not every kernel can do: the lab's other kernel does; or of networks of many
    /// hosts.
    private static final Set<Class<? extends Step>> ELSEWHERE = Set.of(
            Step.NeedParent.class,
            Step.NeedFreeParent.class,
            Step.CreateVlan.class,
            Step.CreateDummy.class,
            Step.CreateVxlan.class,
            Step.Forward.class);

    /// Moments between changes of the kernel at which it was killed, in all productions.
    private static final Set<String> DIED_AT = new HashSet<>();

    /// What points after changes of the kernel say.
    private static final List<String> KERNEL = List.of("applied ", "undone ", "in the midst of ", "removed links");

    @TempDir
    private Path folder;

    @BeforeEach
    void needRoot() {
        assumeTrue(
                "root".equals(System.getProperty("user.name")), "making network namespaces needs root; run with sudo");
    }

    static List<Production> productions() {
        return LONG ? Production.ALL : Production.SHORT;
    }

    @ParameterizedTest
    @MethodSource("productions")
    void nothing_is_lost_leaked_or_given_twice_wherever_the_agent_is_killed(Production production) throws Exception {
        var matrix = new Matrix(production, folder);
        var points = matrix.points();
        var deaths = IntStream.rangeClosed(1, points.size())
                .filter(number -> LONG || isNew(points, number))
                .boxed()
                .toList();
        int run = matrix.kill(points, deaths);
        System.out.println("crash matrix (" + (LONG ? "all" : "short") + "): " + production + ": " + points.size()
                + " points enumerated, " + (points.size() - deaths.size()) + " like others, " + run + " cases run");
        assertThat(run).isEqualTo(deaths.size());
    }

    private static boolean isNew(List<String> points, int number) {
        var point = points.get(number - 1);
        boolean ofKernel = KERNEL.stream().anyMatch(point::contains);
        return !ofKernel || DIED_AT.add((number == 1 ? "begins" : points.get(number - 2)) + ", " + point);
    }

    @Test
    void there_is_a_point_after_every_kind_of_change() throws Exception {
        var seen = new TreeSet<String>();
        for (var production : Production.SHORT) {
            var own = Files.createDirectory(folder.resolve(production.story().name()));
            new Matrix(production, own)
                    .points().stream()
                            .map(point ->
                                    point.substring(point.indexOf(": ") + 1).strip())
                            .flatMap(point ->
                                    Arrays.stream(point.replace("recorded ", "").split(", ")))
                            .forEach(seen::add);
        }
        assertThat(seen).containsAll(changes());
    }

    private static Stream<Class<?>> kinds(Class<?> steps) {
        return steps.isSealed()
                ? Arrays.stream(steps.getPermittedSubclasses()).flatMap(CrashMatrixTest::kinds)
                : Stream.of(steps);
    }

    private static Set<String> changes() {
        var changes = new TreeSet<String>();
        kinds(Step.class).filter(step -> !ELSEWHERE.contains(step)).forEach(step -> {
            changes.add("applied " + step.getSimpleName());
            changes.add("undone " + step.getSimpleName());
        });
        for (var record : List.of("NetworkRecord", "EndpointRecord", "PoolRecord", "AddressRecord")) {
            changes.add("put " + record);
            changes.add("remove " + record);
        }
        for (var step : List.of(
                "CreateBridge", "CreateVeth", "Restore", "CreateIfb", "AttachPort", "Redirect", "CreateLanLink")) {
            changes.add("in the midst of applying " + step);
        }
        changes.addAll(List.of("put Tombstone", "removed links", "received", "done"));
        return changes;
    }
}
