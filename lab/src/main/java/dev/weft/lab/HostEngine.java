package dev.weft.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The Docker Engine and the containerd of one host.
final class HostEngine {
    private static final String CONTAINERD_SOCKET = "/run/containerd/containerd.sock";
    /// An engine waits 15 s for each network of a plugin that is not there, one after the other.
    private static final Duration START = Duration.ofMinutes(5);
    /// Containers get 10 s each to end.
    private static final Duration STOP = Duration.ofMinutes(2);

    private final Host host;
    private final String cgroup;
    private final boolean firewall;
    private Software software;
    private List<String> options = List.of();
    private @Nullable Daemon containerd;
    private @Nullable Daemon engine;

    /// @param cgroup parent of those of the containers
    /// @param firewall whether it may make rules
    HostEngine(Host host, String cgroup, Software software, boolean firewall) {
        this.host = host;
        this.cgroup = cgroup;
        this.firewall = firewall;
        this.software = software;
    }

    Software software() {
        return software;
    }

    List<String> options() {
        return options;
    }

    /// From the next start on.
    void options(List<String> wanted) {
        options = List.copyOf(wanted);
    }

    boolean runs() {
        return engine != null && engine.isAlive();
    }

    Path log() {
        return host.log("dockerd");
    }

    /// Starts containerd too, if it does not run.
    ///
    /// @param wanted in place of the options given before; empty: as before
    void start(List<String> wanted) {
        if (!wanted.isEmpty()) {
            options(wanted);
        }
        if (runs()) {
            throw new LabException("the engine of host " + host + " runs already");
        }
        startContainerd();
        host.disk().delete("/run/docker.pid"); // of an engine that was killed: its number may be another's now
        var words = new ArrayList<>(List.of("dockerd", "--host", "unix:///run/docker.sock"));
        words.addAll(List.of("--containerd", CONTAINERD_SOCKET));
        words.addAll(List.of("--exec-opt", "native.cgroupdriver=cgroupfs", "--cgroup-parent", cgroup));
        words.addAll(List.of("--storage-driver", host.namespaces().storageDriver()));
        if (!firewall) {
            words.addAll(List.of("--iptables=false", "--ip6tables=false"));
        }
        words.addAll(options);
        var started = host.daemon("dockerd", words);
        engine = started;
        started.await(() -> UnixSocket.pings(host.dockerSocket()), START);
    }

    private void startContainerd() {
        if (containerd == null || !containerd.isAlive()) {
            var started = host.daemon("containerd", List.of("containerd"));
            containerd = started;
            started.await(() -> UnixSocket.accepts(host.path(CONTAINERD_SOCKET)), START);
        }
    }

    void loadImage() {
        if (host.docker("image", "inspect", "busybox:latest").exitCode() != 0) {
            host.docker("import", "-c", "CMD [\"sh\"]", software.image().toString(), "busybox:latest")
                    .ok();
        }
    }

    void stop() {
        if (engine != null) {
            engine.stop(STOP);
        }
    }

    void kill() {
        if (engine != null) {
            engine.kill();
        }
    }

    /// Stops engine and containerd and starts others on the same disk; of a host that is down, the next boot
    /// starts them.
    void replace(Software other) {
        if (host.isUp()) {
            stop();
            if (containerd != null) {
                containerd.stop(STOP);
            }
            var words = List.of(
                    "sh",
                    "-c",
                    Script.named("upgrade.sh"),
                    "upgrade",
                    host.disk().folder().toString(),
                    other.usrLayers(host.disk().skeleton()));
            host.namespaces().command("upgrade", words).run().ok();
        }
        software = other;
        if (host.isUp()) {
            start(List.of());
        }
    }

    /// The processes have been killed; waits for their end.
    void forget() {
        Daemon.awaitEnds(engine, containerd);
        engine = null;
        containerd = null;
    }

    /// The engine's own words on its version, and Debian's.
    String describe() {
        String versions = host.docker(
                        "version", "--format", "{{range .Server.Components}}{{.Name}}={{.Version}}\n{{end}}")
                .ok()
                .out();
        return "Docker Engine " + component(versions, "Engine") + " (Debian " + software.packageVersion()
                + "), containerd " + component(versions, "containerd") + ", runc " + component(versions, "runc");
    }

    private static String component(String versions, String name) {
        return versions.lines()
                .filter(line -> line.startsWith(name + "="))
                .map(line -> line.substring(name.length() + 1))
                .map(version -> version.replaceFirst("[+~].*", "")) // Debian's suffix
                .findFirst()
                .orElse("unknown");
    }
}
