package dev.weft.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A simulated machine with a Docker Engine: namespaces of its own and a disk that survives a crash. For one thread at
/// a time.
public final class Host {
    /// Without `/usr/local`, where the machine may have a client of another version than the host's engine.
    static final String PATH = "/usr/sbin:/usr/bin:/sbin:/bin";
    private static final String PLUGIN_SOCKET = "/run/docker/plugins/weft.sock";
    private static final String CONTAINERD_SOCKET = "/run/containerd/containerd.sock";
    /// An engine waits 15 s for each network of a plugin that is not there, one after the other.
    private static final Duration ENGINE_START = Duration.ofMinutes(5);
    /// Containers get 10 s each to end.
    private static final Duration ENGINE_STOP = Duration.ofMinutes(2);
    private static final Duration AGENT_START = Duration.ofSeconds(60);
    private static final Duration AGENT_STOP = Duration.ofSeconds(60);

    private final Lab lab;
    private final int number;
    private final Software software;
    private final Path folder;
    private final HostDisk disk;
    private List<String> engineOptions = List.of();
    private String storageDriver = "";
    private @Nullable Process entry;
    private @Nullable ProcessHandle init;
    private @Nullable Daemon containerd;
    private @Nullable Daemon engine;
    private @Nullable Daemon agent;

    Host(Lab lab, int number, Software software, String iptables) {
        this.lab = lab;
        this.number = number;
        this.software = software;
        folder = lab.state().resolve(name());
        disk = HostDisk.create(folder, name(), iptables);
    }

    /// 1 for a lab's first host.
    public int number() {
        return number;
    }

    /// The host's name in its own uts namespace, `h1`.
    public String name() {
        return "h" + number;
    }

    /// The IPv4 address of `eth0`, in 10.77.0.0/24.
    public String address() {
        return "10.77.0." + number;
    }

    /// The IPv6 address of `eth0`, in fd77::/64.
    public String address6() {
        return "fd77::" + Integer.toHexString(number);
    }

    /// Where this JVM finds a file of the host.
    ///
    /// @param inside absolute, below `/run`, `/etc/docker`, `/etc/weft`, `/var/lib/docker`, `/var/lib/containerd`,
    ///     `/var/lib/weft` or `/usr/lib/docker/plugins`; all else a host shares with the machine
    public Path path(String inside) {
        return disk.outside(inside);
    }

    /// The engine's API socket, for use from outside.
    public Path dockerSocket() {
        return path("/run/docker.sock");
    }

    /// The plugin socket of the Weft agent, for use from outside.
    public Path pluginSocket() {
        return path(PLUGIN_SOCKET);
    }

    /// A process of the host as this JVM sees it, for `/proc/<pid>/ns/net` and the like.
    public long pid() {
        return running().pid();
    }

    private ProcessHandle running() {
        if (init == null) {
            throw new LabException("host " + name() + " is down (crash); boot it first");
        }
        return init;
    }

    /// Runs the engine's own command line client.
    public Result docker(String... arguments) {
        var words = new ArrayList<>(List.of("docker"));
        words.addAll(List.of(arguments));
        return run(words.toArray(String[]::new));
    }

    /// Runs a shell's command line in the host.
    public Result sh(String line) {
        return run("sh", "-c", line);
    }

    /// Runs a program in the host, for at most five minutes.
    public Result run(String... command) {
        return new Command(String.join(" ", command), inside(List.of(command)), environment()).run();
    }

    /// Starts a program in the host and returns at once; the program is killed when the returned process is destroyed.
    public Process start(String... command) {
        try {
            return new Command(command[0], inside(List.of(command)), environment())
                    .builder()
                    .start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// In a session of its own, where the Ctrl-C of a terminal does not reach it.
    private List<String> inside(List<String> command) {
        var words =
                new ArrayList<>(List.of("setsid", "nsenter", "-t", Long.toString(pid()), "-m", "-u", "-n", "-p", "--"));
        words.addAll(List.of("setpriv", "--pdeathsig", "KILL", "--"));
        words.addAll(command);
        return words;
    }

    private Daemon daemon(String name, List<String> command) {
        return new Daemon(name + " of host " + name(), inside(command), environment(), log(name));
    }

    private Path log(String daemon) {
        return folder.resolve(daemon + ".log");
    }

    private static Map<String, String> environment() {
        return Map.of("PATH", PATH, "HOME", "/run", "DOCKER_CONFIG", "/run/docker-cli", "LANG", "C.UTF-8");
    }

    /// Starts the host after a crash: fresh `/run`, links and processes on the old disk, and its engine. No agent.
    public void boot() {
        if (init != null) {
            throw new LabException("host " + name() + " is up already");
        }
        disk.wipeRun();
        startNamespaces();
        lab.plugIn(this, pid());
        configureLinks();
        lab.awaitCarrier(this);
        startContainerd();
        startEngine();
        loadImage();
    }

    private void startNamespaces() {
        var words = List.of(
                "setsid",
                "nsenter",
                "-t",
                Long.toString(lab.switchPid()),
                "-p",
                "--",
                "unshare",
                "--mount",
                "--pid",
                "--uts",
                "--net",
                "--fork",
                "--kill-child",
                "--mount-proc",
                "--",
                "sh",
                "-c",
                Script.named("host.sh"),
                "host",
                folder.toString(),
                name(),
                software.usrLayers(disk.skeleton()));
        try {
            Path log = log("boot");
            entry = new Command("host", words, Map.of("PATH", PATH))
                    .builder()
                    .redirectError(log.toFile())
                    .start();
            entry.getOutputStream().close();
            String ready = entry.inputReader(UTF_8).readLine();
            if (ready == null) {
                throw new LabException("cannot make the namespaces of host " + name() + ": " + Daemon.tail(log, 5));
            }
            storageDriver = ready.substring("ready ".length());
            init = Keeper.onlyChild(Keeper.onlyChild(entry.toHandle()));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void configureLinks() {
        sh("""
                        ip -batch - <<END
                        link set lo up
                        link set eth0 up
                        addr add %s/24 dev eth0
                        addr add %s/64 dev eth0 nodad
                        route add default via 10.77.0.254
                        route add default via fd77::fe
                        END
                        """.formatted(address(), address6())).ok();
    }

    private void startContainerd() {
        containerd = daemon("containerd", List.of("containerd"));
        containerd.await(() -> UnixSocket.accepts(path(CONTAINERD_SOCKET)), ENGINE_START);
    }

    private void loadImage() {
        if (docker("image", "inspect", "busybox:latest").exitCode() != 0) {
            docker("import", "-c", "CMD [\"sh\"]", software.image().toString(), "busybox:latest")
                    .ok();
        }
    }

    /// Starts the engine and waits until its API answers.
    ///
    /// @param options of `dockerd`, in place of those given before; none given: as before
    public void startEngine(String... options) {
        if (options.length > 0) {
            engineOptions = List.of(options);
        }
        if (engineRuns()) {
            throw new LabException("the engine of host " + name() + " runs already");
        }
        disk.delete("/run/docker.pid"); // of an engine that was killed: its number may be another's now
        var words = new ArrayList<>(List.of(
                "dockerd",
                "--host",
                "unix:///run/docker.sock",
                "--containerd",
                CONTAINERD_SOCKET,
                "--exec-opt",
                "native.cgroupdriver=cgroupfs",
                "--cgroup-parent",
                "/" + lab.name() + "/" + name(),
                "--storage-driver",
                storageDriver));
        words.addAll(engineOptions);
        var started = daemon("dockerd", words);
        engine = started;
        started.await(() -> UnixSocket.pings(dockerSocket()), ENGINE_START);
    }

    /// Whether the process of the engine lives.
    public boolean engineRuns() {
        return engine != null && engine.isAlive();
    }

    /// The options of `dockerd` that were given to `startEngine` or `restartEngine`.
    public List<String> engineOptions() {
        return engineOptions;
    }

    /// Forgets options given before, from the next start on.
    void engineOptions(List<String> options) {
        engineOptions = List.copyOf(options);
    }

    /// SIGTERM to the engine, and waits for its end; without `--live-restore` it stops its containers first.
    public void stopEngine() {
        if (engine != null) {
            engine.stop(ENGINE_STOP);
        }
    }

    /// Stops and starts the engine.
    ///
    /// @param options of `dockerd`, in place of those given before; none given: as before
    public void restartEngine(String... options) {
        stopEngine();
        startEngine(options);
    }

    /// SIGKILL to `dockerd`; containerd and the containers stay.
    public void killEngine() {
        if (engine != null) {
            engine.kill();
        }
    }

    /// Everything the engine has logged, over all its starts.
    public String engineLog() {
        return Daemon.tail(log("dockerd"), Integer.MAX_VALUE);
    }

    /// The last lines of the engine's log.
    public String engineLog(int lines) {
        return Daemon.tail(log("dockerd"), lines);
    }

    /// The engine's own words on its version, and Debian's.
    String describeEngine() {
        String versions = docker("version", "--format", "{{range .Server.Components}}{{.Name}}={{.Version}}\n{{end}}")
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

    /// Power loss: every process ends at once; `/run`, links, routes and firewall rules are gone, the disk stays.
    public void crash() {
        running().destroyForcibly();
        for (Daemon daemon : Arrays.asList(engine, containerd, agent)) {
            if (daemon != null) {
                daemon.awaitEnd(Duration.ofSeconds(20));
            }
        }
        awaitEntry();
        engine = null;
        containerd = null;
        agent = null;
        init = null;
    }

    private void awaitEntry() {
        try {
            if (entry != null) {
                entry.waitFor();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while host " + name() + " crashed", stop);
        }
    }

    /// Whether the host is booted.
    public boolean isUp() {
        return init != null;
    }

    /// Starts the Weft agent and waits until its plugin socket accepts connections.
    ///
    /// @param arguments after the agent's own `agent` command
    /// @throws LabException with the agent's log, if it ends before that
    public void startAgent(String... arguments) {
        if (agentRuns()) {
            throw new LabException("the agent of host " + name() + " runs already");
        }
        var started = daemon("agent", AgentCommand.with(arguments));
        agent = started;
        started.await(() -> UnixSocket.accepts(pluginSocket()), AGENT_START);
    }

    /// Whether the agent's process lives.
    public boolean agentRuns() {
        return agent != null && agent.isAlive();
    }

    /// The agent's process as this JVM sees it.
    public long agentPid() {
        if (agent == null || !agent.isAlive()) {
            throw new LabException("the agent of host " + name() + " does not run");
        }
        return agent.program().pid();
    }

    /// SIGTERM to the agent, and waits for its end.
    public void stopAgent() {
        if (agent != null) {
            agent.stop(AGENT_STOP);
        }
    }

    /// SIGKILL to the agent.
    public void killAgent() {
        if (agent != null) {
            agent.kill();
        }
    }

    /// Everything the agent has printed, over all its starts.
    public String agentLog() {
        return Daemon.tail(log("agent"), Integer.MAX_VALUE);
    }

    /// The last lines of what the agent has printed.
    public String agentLog(int lines) {
        return Daemon.tail(log("agent"), lines);
    }

    @Override
    public String toString() {
        return name();
    }
}
