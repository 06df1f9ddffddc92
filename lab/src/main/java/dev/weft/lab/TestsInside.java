package dev.weft.lab;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.weft.lab.TestEvent.Kind;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/// The program that a kernel runs: one test class. It writes what happens to its tests into a file.
final class TestsInside implements TestExecutionListener {
    private final Path events;

    private TestsInside(Path events) {
        this.events = events;
    }

    /// @param arguments the class and the file
    static void main(String... arguments) {
        var tests = new TestsInside(Path.of(arguments[1]));
        var request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(arguments[0]))
                .filters(EngineFilter.includeEngines("junit-jupiter"))
                .build();
        LauncherFactory.create().execute(request, tests);
        tests.tell(new TestEvent(Kind.ENDED, "", ""));
        System.exit(0); // whatever threads it has left
    }

    private void tell(TestEvent event) {
        try {
            Files.writeString(events, event.line(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        if (test.isTest()) {
            tell(new TestEvent(Kind.STARTED, test.getUniqueId(), ""));
        }
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        if (test.isTest()) {
            tell(new TestEvent(Kind.SKIPPED, test.getUniqueId(), reason));
        }
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        var kind = kind(test, result.getStatus());
        if (test.isTest()) {
            System.out.println(
                    "lab: inside, " + test.getDisplayName() + ": " + kind.name().toLowerCase(Locale.ROOT));
        }
        if (test.isTest() || kind == Kind.BROKEN) {
            String why =
                    result.getThrowable().map(failure -> text(kind, failure)).orElse("");
            tell(new TestEvent(kind, test.getUniqueId(), why));
        }
    }

    private static Kind kind(TestIdentifier test, TestExecutionResult.Status status) {
        return switch (status) {
            case SUCCESSFUL -> Kind.PASSED;
            case ABORTED -> test.isTest() ? Kind.SKIPPED : Kind.BROKEN;
            case FAILED -> test.isTest() ? Kind.FAILED : Kind.BROKEN;
        };
    }

    private static String text(Kind kind, Throwable failure) {
        if (kind == Kind.SKIPPED) {
            return String.valueOf(failure.getMessage());
        }
        var text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }
}
