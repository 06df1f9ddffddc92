package dev.weft.lab;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/// Runs a test class in a kernel of its own (User Mode Linux), which has what this machine's may lack:
/// ipvlan, 8021q, dummy and many more modules, which load as they are asked for. The kernel is booted once
/// for the class, sees this machine's files, and forgets whatever is written; `@DockerHosts` makes its
/// hosts in there. It has neither a network to the outside nor iptables.
///
/// The class runs once, as a whole, in the kernel; outside, each test then says what became of it there.
/// What stands in annotations is read on both sides and the class is constructed on both, but its methods
/// are called only inside; dynamic tests (`@TestFactory`) are refused.
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(UserModeLinuxExtension.class)
public @interface InUserModeLinux {}
