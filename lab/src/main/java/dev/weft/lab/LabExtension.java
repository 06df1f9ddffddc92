package dev.weft.lab;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// What `@DockerHosts` does; of no use without it.
public final class LabExtension
        implements BeforeAllCallback,
                BeforeEachCallback,
                AfterEachCallback,
                LifecycleMethodExecutionExceptionHandler,
                ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(LabExtension.class);
    private static final int LOG_LINES = 40;

    /// For JUnit, which makes extensions.
    public LabExtension() {}

    @Override
    public void beforeAll(ExtensionContext context) {
        start(context, context.getRequiredTestClass());
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        start(context, context.getRequiredTestMethod());
        lab(context).ifPresent(lab -> context.getStore(NAMESPACE).put(CleanSlate.class, new CleanSlate(lab)));
    }

    private static void start(ExtensionContext context, AnnotatedElement annotated) {
        var wanted = annotated.getAnnotation(DockerHosts.class);
        if (wanted != null && !runsElsewhere(context)) {
            String obstacle = Lab.obstacle();
            Assumptions.assumeTrue(obstacle.isEmpty(), obstacle);
            // JUnit closes the store's values with their context
            context.getStore(NAMESPACE).put(Lab.class, Lab.start(wanted.value(), wanted.engine(), wanted.mtu()));
        }
    }

    private static boolean runsElsewhere(ExtensionContext context) {
        return UserModeLinuxExtension.runsElsewhere(context.getRequiredTestClass());
    }

    private static Optional<Lab> lab(ExtensionContext context) {
        return Optional.ofNullable(context.getStore(NAMESPACE).get(Lab.class, Lab.class));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        context.getExecutionException().ifPresent(failure -> printLogs(context));
        boolean livesOn = context.getRequiredTestMethod().getAnnotation(DockerHosts.class) == null;
        var slate = context.getStore(NAMESPACE).get(CleanSlate.class, CleanSlate.class);
        if (livesOn && slate != null) {
            slate.restore();
        }
    }

    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        printLogs(context);
        throw failure;
    }

    private static void printLogs(ExtensionContext context) {
        for (Host host : lab(context).map(Lab::hosts).orElse(List.of())) {
            print("engine of " + host, host.engineLog(LOG_LINES));
            print("agent of " + host, host.agentLog(LOG_LINES));
        }
    }

    private static void print(String title, String log) {
        if (!log.isEmpty()) {
            System.out.println("---- " + title + ", last lines of its log\n" + log);
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Type type = parameter.getParameter().getParameterizedType();
        return type == Lab.class || type == Host.class || isHosts(type);
    }

    private static boolean isHosts(Type type) {
        return type instanceof ParameterizedType list
                && list.getRawType() == List.class
                && list.getActualTypeArguments()[0] == Host.class;
    }

    @Override
    public @Nullable Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        if (runsElsewhere(context)) {
            return null; // of a method that is not called here
        }
        Lab lab = lab(context)
                .orElseThrow(() -> new LabException("no lab for " + context.getDisplayName()
                        + "; annotate the class or the test with @DockerHosts"));
        Type type = parameter.getParameter().getParameterizedType();
        if (type == Lab.class) {
            return lab;
        }
        return type == Host.class ? lab.host(1) : lab.hosts();
    }
}
