package dev.weft.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Hosts with Docker Engines, joined by a switch; all of it gone when closed or when this JVM ends, however it ends.
/// For one thread at a time.
public final class Lab implements AutoCloseable {
    private static final Duration CARRIER = Duration.ofSeconds(10);
    /// `BR_STATE_DISABLED` and `BR_STATE_FORWARDING` of linux/if_bridge.h.
    private static final String PORT_DISABLED = "0";

    private static final String PORT_FORWARDING = "3";
    private static final String RESERVED = "10.77.0.254 is the switch";

    private final String name;
    private final Path state;
    private final Keeper keeper;
    private final Thread atExit = new Thread(this::close, "lab-close");
    private final List<Host> hosts = new ArrayList<>();
    private final Set<Host> cut = new HashSet<>();
    private final Set<Set<Host>> cutPairs = new HashSet<>();
    private final int mtu;
    private boolean closed; // guarded by atExit

    /// Starts hosts, their engines and nothing else.
    ///
    /// @param count hosts, 1 to 200
    /// @param engine `20.10`, `26.1` or `28.5`; empty for the system property `weft.engine`, or else 28.5
    /// @param mtu bytes, of the switch and of each `eth0`
    /// @throws LabException if this machine cannot, in one sentence
    public static Lab start(int count, String engine, int mtu) {
        if (count < 1 || count > 200) {
            throw new LabException("a lab has 1 to 200 hosts, not " + count + " (" + RESERVED + ")");
        }
        requireRoot();
        var software = Cache.ofThisMachine().software(Engine.of(engine));
        Leftovers.sweep();
        var lab = new Lab(software, mtu);
        try {
            lab.keeper.awaitReady();
            lab.addHosts(count, software);
            System.out.println("lab: " + lab.hosts.getFirst().engine().describe());
            return lab;
        } catch (RuntimeException failure) {
            lab.close();
            throw failure;
        }
    }

    /// Why this machine cannot have a lab at all; empty if it can.
    static String obstacle() {
        boolean root = Command.of("id", "-u").run().text().equals("0");
        return root ? "" : "the lab makes namespaces and mounts: run as root (sudo)";
    }

    static void requireRoot() {
        String obstacle = obstacle();
        if (!obstacle.isEmpty()) {
            throw new LabException(obstacle);
        }
    }

    private Lab(Software software, int mtu) {
        this.mtu = mtu;
        name = Leftovers.newName();
        state = Leftovers.folder().resolve(name);
        try {
            keeper = new Keeper(state, name, "switch.sh", software.usrLayers(state), Integer.toString(mtu));
        } catch (IOException failure) {
            throw new LabException("cannot start a lab: " + failure.getMessage(), failure);
        }
        try {
            Runtime.getRuntime().addShutdownHook(atExit);
        } catch (IllegalStateException exiting) {
            throw new LabException("no lab starts while this JVM ends", exiting);
        }
    }

    private void addHosts(int count, Software software) {
        var iptables = iptables();
        for (int number = 1; number <= count; number++) {
            hosts.add(new Host(this, number, software, iptables));
        }
        var starts = new ArrayList<Callable<Host>>();
        for (Host host : hosts) {
            starts.add(() -> {
                host.boot();
                return host;
            });
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Host> start : threads.invokeAll(starts)) {
                start.get();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while the hosts started", stop);
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof LabException known
                    ? known
                    : new LabException("cannot start the hosts: " + failure.getCause(), failure);
        }
    }

    /// The variant of iptables that this kernel serves: nf_tables as on today's distributions, or else the
    /// old one; none if it serves neither.
    private Optional<String> iptables() {
        return Stream.of("xtables-nft-multi", "xtables-legacy-multi")
                .filter(variant -> inSwitch("", "unshare", "--net", variant, "iptables", "-t", "nat", "-N", "lab")
                                .exitCode()
                        == 0)
                .findFirst();
    }

    String name() {
        return name;
    }

    Path state() {
        return state;
    }

    /// Its net namespace has the bridge.
    long switchPid() {
        return keeper.firstPid();
    }

    /// Starts an etcd of one member at the switch, for all hosts; the first time on a machine downloads 15 MB. Where it
    /// is, [Etcd#client] says; it ends with the lab.
    ///
    /// @param options of etcd
    public Etcd startEtcd(String... options) {
        try {
            var folder = Files.createDirectories(state.resolve("etcd"));
            return Etcd.atSwitch(folder, switchPid(), options);
        } catch (IOException failure) {
            throw new LabException("cannot start an etcd: " + failure.getMessage(), failure);
        }
    }

    /// Runs a program at the switch, 10.77.0.254 and fd77::fe: on no host, as any other machine of the network would.
    public Result run(String... command) {
        return inSwitch("", command);
    }

    private Result inSwitch(String input, String... command) {
        return new Command(String.join(" ", command), words(command), Map.of("PATH", Host.PATH)).run(input);
    }

    private List<String> words(String... command) {
        var words = new ArrayList<>(List.of("nsenter", "-t", Long.toString(switchPid()), "-m", "-n", "--"));
        words.addAll(List.of(command));
        return words;
    }

    /// Gives a host's fresh net namespace its cable.
    ///
    /// @param pid a process in that namespace
    void plugIn(Host host, long pid) {
        String port = port(host);
        inSwitch("", "ip", "link", "del", port); // of an earlier boot, if the kernel has not removed it yet
        inSwitch("""
                        link add %1$s mtu %2$d type veth peer name eth0 mtu %2$d address 02:77:00:00:00:%3$02x netns %4$d
                        link set %1$s master br0 up
                        """.formatted(port, mtu, host.number(), pid), "ip", "-batch", "-")
                .ok();
    }

    /// Waits for the carrier of a host's cable, which makes the bridge forward, and partitions the host again if it
    /// was.
    void awaitCarrier(Host host) {
        boolean forwards = Wait.until(
                () -> run("bridge", "link", "show", "dev", port(host)).out().contains("state forwarding"), CARRIER);
        if (!forwards) {
            throw new LabException(
                    "eth0 of host " + host.name() + " has no carrier after " + CARRIER.toSeconds() + " s");
        }
        if (cut.contains(host)) {
            cut(host);
        }
    }

    private static String port(Host host) {
        return "p" + host.number();
    }

    /// The hosts by number.
    public List<Host> hosts() {
        return List.copyOf(hosts);
    }

    /// A host.
    ///
    /// @param number 1 for the first
    public Host host(int number) {
        return hosts.get(number - 1);
    }

    /// Silent partition: nothing reaches this host nor leaves it, while its `eth0` keeps its carrier.
    public void cut(Host host) {
        cut.add(host);
        setPortState(host, PORT_DISABLED);
    }

    /// Ends what `cut(host)` began.
    public void heal(Host host) {
        cut.remove(host);
        setPortState(host, PORT_FORWARDING);
    }

    /// With bridge(8): the kernel ignores the state in `ip link set type bridge_slave`.
    private void setPortState(Host host, String state) {
        inSwitch("", "bridge", "link", "set", "dev", port(host), "state", state).ok();
    }

    /// Silent partition between two hosts that still reach all others.
    public void cut(Host one, Host other) {
        cutPairs.add(Set.of(one, other));
        applyPairs();
    }

    /// Ends what `cut(one, other)` began.
    public void heal(Host one, Host other) {
        cutPairs.remove(Set.of(one, other));
        applyPairs();
    }

    private void applyPairs() {
        var rules = new StringBuilder();
        for (Set<Host> pair : cutPairs) {
            String ports = pair.stream().map(Lab::port).collect(Collectors.joining(", ", "{ ", " }"));
            rules.append("add rule bridge lab cut iifname %1$s oifname %1$s drop\n".formatted(ports));
        }
        inSwitch("""
                        flush ruleset
                        add table bridge lab
                        add chain bridge lab cut { type filter hook forward priority 0; }
                        """ + rules, "nft", "-f", "-").ok();
    }

    /// Ends every partition.
    public void healAll() {
        if (!cutPairs.isEmpty()) {
            cutPairs.clear();
            applyPairs();
        }
        List.copyOf(cut).forEach(this::heal);
    }

    /// Ends every process of every host, and removes all files, links, mounts and cgroups. May be called again.
    @Override
    public void close() {
        synchronized (atExit) {
            if (closed) {
                return;
            }
            closed = true;
            keeper.close();
        }
        if (Thread.currentThread() != atExit) {
            try {
                Runtime.getRuntime().removeShutdownHook(atExit);
            } catch (IllegalStateException alreadyExiting) {
                return;
            }
        }
    }
}
