package dev.weft.agent.doctor;

import dev.weft.agent.doctor.Snapshot.EngineFacts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/// Programs of other versions than Weft is made for.
final class VersionCheck {
    /// Since then each network namespace has settings of br_netfilter of its own (linux, net/bridge/
    /// br_netfilter_hooks.c, "namespace bridge netfilter sysctls").
    private static final Release KERNEL = new Release(5, 3);

    private static final Release NEWEST_ENGINE = new Release(29, Integer.MAX_VALUE);
    private static final int JAVA = 25;
    private static final Pattern TEXT = Pattern.compile("(\\d{1,6})\\.(\\d{1,6}).*");

    private record Release(int major, int minor) implements Comparable<Release> {
        @Override
        public int compareTo(Release other) {
            return Comparator.comparingInt(Release::major)
                    .thenComparingInt(Release::minor)
                    .compare(this, other);
        }
    }

    private VersionCheck() {}

    static List<Finding> of(Snapshot facts) {
        var findings = new ArrayList<Finding>();
        var versions = facts.versions();
        if (release(versions.kernel(), KERNEL).compareTo(KERNEL) < 0) {
            findings.add(Finding.warning(
                    "kernel-version",
                    "",
                    "the kernel is " + versions.kernel() + ", and before 5.3 one setting of br_netfilter holds for all"
                            + " network namespaces: Weft's and Docker's contradict each other. Upgrade the kernel."));
        }
        if (facts.engine() instanceof EngineFacts.Present engine
                && release(engine.version(), NEWEST_ENGINE).compareTo(NEWEST_ENGINE) > 0) {
            findings.add(Finding.warning(
                    "engine-version",
                    "",
                    "Docker Engine is " + engine.version() + ", and this Weft knows 20.10 to 29. Upgrade Weft."));
        }
        if (versions.java() != JAVA) {
            findings.add(Finding.warning(
                    "java-version",
                    "",
                    "the agent runs on Java " + versions.java() + ", and is tested with Java 25. Start it with that."));
        }
        if (!versions.client().isEmpty() && !versions.client().equals(versions.agent())) {
            findings.add(Finding.warning(
                    "cli-version",
                    "",
                    "the agent is Weft " + versions.agent() + ", and this command is Weft " + versions.client()
                            + ". Restart the agent, or use the 'weft' that it was installed with."));
        }
        return findings;
    }

    /// @param otherwise for a version that is no number
    private static Release release(String version, Release otherwise) {
        var numbers = TEXT.matcher(version);
        return numbers.matches()
                ? new Release(Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2)))
                : otherwise;
    }
}
