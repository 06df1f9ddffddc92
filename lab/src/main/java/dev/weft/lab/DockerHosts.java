package dev.weft.lab;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/// Gives a test class, or one test, a lab: parameters of type `Lab`, `Host` (the first) and `List<Host>`. The lab of a
/// class lives for the class; after each test its containers and networks are removed, partitions healed, and hosts and
/// engines brought up again. Agents stay as the test left them.
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(LabExtension.class)
public @interface DockerHosts {
    /// How many hosts.
    int value() default 1;

    /// `20.10`, `26.1` or `28.5`; empty for the system property `weft.engine`, or else 28.5.
    String engine() default "";

    /// Bytes, of the hosts' links.
    int mtu() default 1500;
}
