package dev.weft.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weft.lab.TestEvent.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedElement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/// The run of one test class in a kernel, as seen from outside. For one thread at a time.
final class KernelRun implements AutoCloseable {
    /// For the boot and what a class does before its first test: half a minute, if nothing else runs.
    private static final Duration FIRST = Duration.ofMinutes(10);
    /// JUnit ends a test inside before that.
    private static final Duration TEST = Duration.ofMinutes(15);

    private static final String MEMORY = "2048M";
    /// Signals are slow inside, and Go's scheduler sends many: without, engines take a quarter more.
    private static final String GO = "GODEBUG=asyncpreemptoff=1 GOGC=400";

    /// Made by `inside.sh`, for the files of labs.
    private static final String LABS = "/lab";

    private final Class<?> tests;
    private final Kernel kernel;
    private final Map<String, TestEvent> results = new HashMap<>();
    private final List<TestEvent> broken = new ArrayList<>();
    /// Of the tests that were asked for.
    private final Set<String> parents = new HashSet<>();

    private boolean begun;
    private boolean ended;
    private long eventsRead;
    private long consoleRead;

    /// Boots the kernel, in which the class begins to run.
    static KernelRun start(Class<?> tests) {
        Lab.requireRoot();
        var cache = Cache.ofThisMachine();
        Path packages = cache.kernel();
        Path busybox = cache.tools().resolve("usr/bin/busybox");
        fill(cache, tests);
        Leftovers.sweep();
        var run = new KernelRun(tests, packages, busybox);
        try {
            run.boot();
            return run;
        } catch (RuntimeException failure) {
            run.close();
            throw failure;
        }
    }

    /// There is no network inside to do it.
    private static void fill(Cache cache, Class<?> tests) {
        var annotated = Stream.<AnnotatedElement>concat(Stream.of(tests), Stream.of(tests.getDeclaredMethods()));
        for (var element : annotated.toList()) {
            var hosts = element.getAnnotation(DockerHosts.class);
            if (hosts != null) {
                cache.software(Engine.of(hosts.engine()));
            }
        }
    }

    private KernelRun(Class<?> tests, Path packages, Path busybox) {
        this.tests = tests;
        kernel = new Kernel(
                "kernel.sh",
                packages.toString(),
                MEMORY,
                packages.resolve("usr/lib/uml/modules").toString(),
                busybox.toString());
    }

    private Path events() {
        return kernel.folder().resolve("exchange/events");
    }

    private void boot() {
        try {
            Path init = kernel.folder().resolve("init");
            Files.writeString(init, Script.named("inside.sh"));
            Files.setPosixFilePermissions(init, PosixFilePermissions.fromString("rwx------"));
            Files.writeString(kernel.folder().resolve("exchange/run"), script());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        kernel.start();
    }

    /// What the kernel's first process runs: a JVM like this one, which is soon up rather than soon fast.
    private String script() {
        var words = new ArrayList<String>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED"));
        properties().forEach((name, value) -> words.add("-D" + name + "=" + value));
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), TestsInside.class.getName()));
        words.addAll(List.of(tests.getName(), events().toString()));
        var script = new StringBuilder("cd " + quoted(System.getProperty("user.dir")) + "\n");
        script.append("export ").append(GO).append('\n');
        for (String variable : List.of("WEFT_CACHE", "WEFT_TESTING")) {
            String value = System.getenv(variable);
            if (value != null) {
                script.append("export ")
                        .append(variable)
                        .append('=')
                        .append(quoted(value))
                        .append('\n');
            }
        }
        return script.append(words.stream().map(KernelRun::quoted).collect(Collectors.joining(" ", "exec ", "\n")))
                .toString();
    }

    /// What tests are told in this JVM, and where labs are made in that one.
    private static Map<String, String> properties() {
        var all = new TreeMap<String, String>();
        for (String name : System.getProperties().stringPropertyNames()) {
            if (name.startsWith("weft.") || name.startsWith("junit.") || name.equals("java.util.logging.config.file")) {
                all.put(name, System.getProperty(name));
            }
        }
        all.put(UserModeLinuxExtension.INSIDE, "true");
        all.put("java.io.tmpdir", LABS);
        return all;
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    /// Waits until the class has done what it does before its first test.
    ///
    /// @throws AssertionError if that fails, or the kernel ends
    void awaitFirstTest() {
        await(() -> begun, FIRST);
        if (!begun) {
            throwBroken();
        }
    }

    /// Waits until a test has ended inside, and passes, fails or is skipped as it did.
    ///
    /// @param id JUnit's unique id
    void replay(String id) {
        parents.add(parent(id));
        await(() -> results.containsKey(id), TEST);
        var result = results.remove(id);
        if (result == null) {
            throwBroken();
            throw new AssertionError("the run in User Mode Linux has ended without a word about this test, " + id
                    + "; its console:\n" + kernel.console());
        }
        switch (result.kind()) {
            case PASSED -> {}
            case SKIPPED -> throw new TestAbortedException("in User Mode Linux: " + result.text());
            case FAILED, BROKEN, STARTED, ENDED -> throw failure(result);
        }
    }

    /// Waits until the class has done what it does after its last test.
    ///
    /// @throws AssertionError if that fails, or a test with parameters ran more often inside, and failed there
    void awaitEnd() {
        while (!ended && !kernel.isOff()) {
            long before = eventsRead; // of tests that nobody asked for there may be many
            await(() -> eventsRead > before, TEST);
        }
        throwBroken();
        for (var result : results.values()) {
            boolean repeated = result.id().contains("/[test-template-invocation:");
            if (repeated && result.kind() == Kind.FAILED && parents.contains(parent(result.id()))) {
                throw failure(result);
            }
        }
    }

    private static String parent(String id) {
        return id.substring(0, id.lastIndexOf("/["));
    }

    /// Waits for what is to happen, or the end of the kernel, which prevents it.
    private void await(BooleanSupplier happened, Duration limit) {
        boolean decided = Wait.until(
                () -> {
                    boolean off = kernel.isOff(); // before the last that it has written is read
                    read();
                    return happened.getAsBoolean() || ended || off;
                },
                limit);
        if (!decided) {
            throw new AssertionError("User Mode Linux does not go on after " + limit.toSeconds() + " s; its console:\n"
                    + kernel.console());
        }
    }

    /// Throws what has failed around the tests, once.
    private void throwBroken() {
        if (!broken.isEmpty()) {
            var first = failure(broken.getFirst());
            broken.clear();
            throw first;
        }
        if (kernel.isOff() && !ended) {
            throw new AssertionError("User Mode Linux has ended in the midst of " + tests.getName() + "; its console:\n"
                    + kernel.console());
        }
    }

    private AssertionError failure(TestEvent event) {
        return new AssertionError(
                "in User Mode Linux, " + event.id() + ": " + event.text() + "its console:\n" + kernel.console());
    }

    private void read() {
        String console = newLines(kernel.consoleLog(), consoleRead);
        consoleRead += console.getBytes(UTF_8).length;
        System.out.print(console.replace("\r", ""));
        String events = newLines(events(), eventsRead);
        eventsRead += events.getBytes(UTF_8).length;
        events.lines().map(TestEvent::of).forEach(this::take);
    }

    /// Whole lines that were written since.
    private static String newLines(Path file, long since) {
        if (Daemon.size(file) <= since) {
            return "";
        }
        String text = Daemon.from(file, since);
        return text.substring(0, text.lastIndexOf('\n') + 1);
    }

    private void take(TestEvent event) {
        switch (event.kind()) {
            case STARTED -> begun = true;
            case PASSED, FAILED, SKIPPED -> {
                begun = true;
                results.put(event.id(), event);
            }
            case BROKEN -> broken.add(event);
            case ENDED -> ended = true;
        }
    }

    @Override
    public void close() {
        kernel.close();
    }
}
