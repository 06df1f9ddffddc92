package dev.weft.lab;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;

/// What `@InUserModeLinux` does; of no use without it.
public final class UserModeLinuxExtension implements BeforeAllCallback, AfterAllCallback, InvocationInterceptor {
    private static final Namespace NAMESPACE = Namespace.create(UserModeLinuxExtension.class);
    /// Set in the JVM that runs in the kernel.
    static final String INSIDE = "weft.lab.inside";

    /// For JUnit, which makes extensions.
    public UserModeLinuxExtension() {}

    static boolean isInside() {
        return Boolean.getBoolean(INSIDE);
    }

    /// Whether the tests of a class run elsewhere, and only their results are told here.
    static boolean runsElsewhere(Class<?> tests) {
        for (Class<?> each = tests; each != null; each = each.getEnclosingClass()) {
            if (AnnotationSupport.isAnnotated(each, InUserModeLinux.class)) {
                return !isInside();
            }
        }
        return false;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (!isInside() && !isNested(context)) {
            String obstacle = Lab.obstacle();
            Assumptions.assumeTrue(obstacle.isEmpty(), obstacle);
            var run = KernelRun.start(context.getRequiredTestClass());
            context.getStore(NAMESPACE).put(KernelRun.class, run); // JUnit closes the store's values with their context
            run.awaitFirstTest();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        var run = run(context);
        if (run != null && !isNested(context)) {
            run.awaitEnd();
        }
    }

    private static boolean isNested(ExtensionContext context) {
        return context.getParent().flatMap(ExtensionContext::getTestClass).isPresent();
    }

    /// None if the tests run here.
    private static @Nullable KernelRun run(ExtensionContext context) {
        return context.getStore(NAMESPACE).get(KernelRun.class, KernelRun.class);
    }

    private static void replay(Invocation<@Nullable Void> invocation, ExtensionContext context) throws Throwable {
        var run = run(context);
        if (run == null) {
            invocation.proceed();
        } else {
            invocation.skip();
            run.replay(context.getUniqueId());
        }
    }

    private static void onlyInside(Invocation<@Nullable Void> invocation) throws Throwable {
        if (isInside()) {
            invocation.proceed();
        } else {
            invocation.skip();
        }
    }

    @Override
    public void interceptTestMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        replay(invocation, context);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        replay(invocation, context);
    }

    @Override
    public <T extends @Nullable Object> T interceptTestFactoryMethod(
            Invocation<T> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context) {
        invocation.skip();
        throw new LabException(
                "a class that is @InUserModeLinux cannot have a @TestFactory, for its tests would be made"
                        + " outside: make " + context.getDisplayName() + " a @ParameterizedTest");
    }

    @Override
    public void interceptBeforeAllMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        onlyInside(invocation);
    }

    @Override
    public void interceptBeforeEachMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        onlyInside(invocation);
    }

    @Override
    public void interceptAfterEachMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        onlyInside(invocation);
    }

    @Override
    public void interceptAfterAllMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        onlyInside(invocation);
    }
}
