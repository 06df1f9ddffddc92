package dev.weft.lab;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// A version of Docker Engine, and where Debian has it.
enum Engine {
    V20_10("20.10", "bookworm", "docker.io containerd"),
    V26_1("26.1", "trixie", "docker.io docker-cli containerd"),
    V28_5("28.5", "sid", "docker.io docker-cli containerd");

    static final String PROPERTY = "weft.engine";

    private final String version;
    private final String suite;
    private final String packages;

    Engine(String version, String suite, String packages) {
        this.version = version;
        this.suite = suite;
        this.packages = packages;
    }

    /// The engine named `28.5`; an empty name is the one of the system property `weft.engine`, or else the newest.
    static Engine of(String name) {
        String wanted = name.isEmpty() ? System.getProperty(PROPERTY, "") : name;
        if (wanted.isEmpty()) {
            return V28_5;
        }
        return Arrays.stream(values())
                .filter(engine -> engine.version.equals(wanted))
                .findFirst()
                .orElseThrow(() -> new LabException(
                        "there is no Docker Engine '" + wanted + "' for the lab; choose one of " + known()));
    }

    private static String known() {
        return Arrays.stream(values()).map(Engine::version).collect(Collectors.joining(", "));
    }

    /// Major and minor number, `28.5`.
    String version() {
        return version;
    }

    /// Debian's name of the release that has it.
    String suite() {
        return suite;
    }

    List<String> packages() {
        return List.of(packages.split(" ", -1));
    }
}
