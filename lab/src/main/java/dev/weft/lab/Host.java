package dev.weft.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A simulated machine with a Docker Engine: namespaces of its own and a disk that survives a crash. For one
/// thread at a time.
public final class Host {
    /// Without `/usr/local`, where the machine may have a client of another version than the host's engine.
    static final String PATH = "/usr/sbin:/usr/bin:/sbin:/bin";

    private static final String STATE = "/var/lib/weft";

    private final Lab lab;
    private final int number;
    private final Path folder;
    private final HostDisk disk;
    private final StateDisk state;
    private final HostEngine engine;
    private final HostAgent agent = new HostAgent(this);
    private @Nullable Namespaces namespaces;

    Host(Lab lab, int number, Software software, Optional<String> iptables) {
        this.lab = lab;
        this.number = number;
        folder = lab.state().resolve(name());
        disk = HostDisk.create(folder, name(), iptables);
        state = new StateDisk(this);
        engine = new HostEngine(this, "/" + lab.name() + "/" + name(), software, iptables.isPresent());
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

    /// Where this JVM finds a file of the host. A unix socket that it binds there serves the host's programs: put
    /// in place of the engine's API, say.
    ///
    /// @param inside absolute, below `/run`, `/etc/docker`, `/etc/weft`, `/var/lib/docker`, `/var/lib/containerd`,
    ///     `/var/lib/weft` or `/usr/lib/docker/plugins`; all else a host shares with the machine
    public Path path(String inside) {
        boolean ownFileSystem = state.exists() && (inside.equals(STATE) || inside.startsWith(STATE + "/"));
        return ownFileSystem ? Path.of("/proc/" + pid() + "/root" + inside) : disk.outside(inside);
    }

    /// The engine's API socket, for use from outside.
    public Path dockerSocket() {
        return path("/run/docker.sock");
    }

    /// The plugin socket of the Weft agent, for use from outside.
    public Path pluginSocket() {
        return agent.socket();
    }

    /// A process of the host as this JVM sees it, for `/proc/<pid>/ns/net` and the like.
    public long pid() {
        return namespaces().pid();
    }

    Namespaces namespaces() {
        if (namespaces == null) {
            throw new LabException("host " + name() + " is down (crash); boot it first");
        }
        return namespaces;
    }

    HostDisk disk() {
        return disk;
    }

    HostEngine engine() {
        return engine;
    }

    Path log(String daemon) {
        return folder.resolve(daemon + ".log");
    }

    /// Runs the engine's own command line client.
    public Result docker(String... arguments) {
        var words = new ArrayList<>(List.of("docker"));
        words.addAll(List.of(arguments));
        return run(words.toArray(String[]::new));
    }

    /// Runs docker-compose 1.29 (file format up to 3.8; with `enable_ipv6` 2.4) on the host's engine; the first
    /// time on a machine downloads 10 MB.
    public Result compose(String... arguments) {
        var compose = Compose.ofThisMachine();
        String shown = "docker-compose " + String.join(" ", arguments);
        return namespaces()
                .command(shown, compose.with(arguments), compose.environment())
                .run();
    }

    /// Starts a registry of images and plugins, for the host's engine alone, and waits until it answers; the first time
    /// on a machine downloads 6 MB. It ends with the host, and what it has with it.
    ///
    /// @return its name in references: `localhost:5000`
    public String startRegistry() {
        return Registry.start(this);
    }

    /// Runs a command of this repository's `weft` on the host, without building it first.
    ///
    /// @throws LabException if it is not built
    public Result weft(String... arguments) {
        String shown = "weft " + String.join(" ", arguments);
        return namespaces().command(shown, AgentCommand.weft(arguments)).run();
    }

    /// Runs a shell's command line in the host.
    public Result sh(String line) {
        return run("sh", "-c", line);
    }

    /// Runs a program in the host, for at most five minutes.
    public Result run(String... command) {
        return namespaces().command(String.join(" ", command), List.of(command)).run();
    }

    /// Starts a program in the host and returns at once; the program is killed when the returned process is
    /// destroyed.
    public Process start(String... command) {
        try {
            return namespaces().command(command[0], List.of(command)).builder().start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    Daemon daemon(String program, List<String> words) {
        return new Daemon(namespaces().command(program + " of host " + name(), words), log(program));
    }

    /// Starts the host after a crash: fresh `/run`, links and processes on the old disk, and its engine. No agent.
    public void boot() {
        bootMachine();
        startEngine();
        engine.loadImage();
    }

    /// The part of `boot` before the engine, for an agent that starts first or a socket that is held.
    public void bootMachine() {
        if (isUp()) {
            throw new LabException("host " + name() + " is up already");
        }
        disk.wipeRun();
        namespaces = new Namespaces(
                name(), lab.switchPid(), folder, engine.software().usrLayers(disk.skeleton()));
        lab.plugIn(this, pid());
        configureLinks();
        lab.awaitCarrier(this);
        state.mount();
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

    /// Power loss: every process ends at once; `/run`, links, routes and firewall rules are gone, the disk stays.
    public void crash() {
        namespaces().end();
        engine.forget();
        agent.forget();
        namespaces = null;
    }

    /// Whether the host is booted.
    public boolean isUp() {
        return namespaces != null;
    }

    /// Starts the engine and waits until its API answers.
    ///
    /// @param options of `dockerd`, in place of those given before; none given: as before
    public void startEngine(String... options) {
        engine.start(List.of(options));
    }

    /// Whether the process of the engine lives.
    public boolean engineRuns() {
        return engine.runs();
    }

    /// The options of `dockerd` that were given to `startEngine` or `restartEngine`.
    public List<String> engineOptions() {
        return engine.options();
    }

    /// SIGTERM to the engine, and waits for its end; without `--live-restore` it stops its containers first.
    public void stopEngine() {
        engine.stop();
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
        engine.kill();
    }

    /// Another version of the engine on the same disk, as an upgrade of packages does it: engine and containerd
    /// stop and the new ones start, while the agent runs on. A host that is down has it from its next boot on.
    /// There is no way back, so such a test wants a lab of its own.
    ///
    /// @param version `26.1` or `28.5`
    public void upgradeEngine(String version) {
        engine.replace(Cache.ofThisMachine().software(Engine.of(version)));
    }

    /// Everything the engine has logged, over all its starts.
    public String engineLog() {
        return Daemon.tail(engine.log(), Integer.MAX_VALUE);
    }

    /// The last lines of the engine's log.
    public String engineLog(int lines) {
        return Daemon.tail(engine.log(), lines);
    }

    /// Starts the Weft agent and waits until its plugin socket accepts connections; with a socket that is held,
    /// until it answers there.
    ///
    /// @param arguments after the agent's own `agent` command
    /// @throws LabException with the agent's log, if it ends before that
    public void startAgent(String... arguments) {
        agent.start(arguments);
    }

    /// Whether the agent's process lives.
    public boolean agentRuns() {
        return agent.runs();
    }

    /// The agent's process as this JVM sees it.
    public long agentPid() {
        return agent.pid();
    }

    /// SIGTERM to the agent, and waits for its end.
    public void stopAgent() {
        agent.stop();
    }

    /// SIGKILL to the agent.
    public void killAgent() {
        agent.kill();
    }

    /// Everything the agent has printed, over all its starts.
    public String agentLog() {
        return Daemon.tail(agent.log(), Integer.MAX_VALUE);
    }

    /// The last lines of what the agent has printed.
    public String agentLog(int lines) {
        return Daemon.tail(agent.log(), lines);
    }

    /// How much the agent has printed until now, for `agentLogSince`.
    ///
    /// @return bytes
    public long agentLogMark() {
        return Daemon.size(agent.log());
    }

    /// What the agent has printed since a call of `agentLogMark`.
    public String agentLogSince(long mark) {
        return Daemon.from(agent.log(), mark);
    }

    /// Listens on the plugin socket without taking any call, as a service manager does: calls wait for an agent.
    /// Agents that are started from now on have the socket as their standard input; it stays when they end,
    /// until it is released or the host crashes.
    public void holdPluginSocket() {
        agent.holdSocket();
    }

    /// Closes the socket that is held and removes its file.
    public void releasePluginSocket() {
        agent.releaseSocket();
    }

    /// Moves `/var/lib/weft`, with what is in it, to a file system of its own, which `crash` spares. No agent may
    /// run.
    ///
    /// @param megabytes 4 to 1000, with what the file system needs for itself
    public void limitState(int megabytes) {
        state.limit(megabytes);
    }

    /// Leaves no byte free in `/var/lib/weft`, which must be limited.
    public void fillState() {
        state.fill();
    }

    /// Gives back what `fillState` has taken.
    public void freeState() {
        state.free();
    }

    /// Makes `/var/lib/weft`, which must be limited, read-only or healthy again: also for an agent that has files
    /// open, as a kernel does that finds errors. An agent that was writing when it broke finds it healthy only
    /// when it opens its files again.
    public void stateReadOnly(boolean readOnly) {
        state.setReadOnly(readOnly);
    }

    @Override
    public String toString() {
        return name();
    }
}
