package dev.weft.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/// `weft demo --hosts N`: one network on several hosts, with an etcd as the only other part.
final class ClusterDemo {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final int count;
    private final String engine;
    private final Showing showing = new Showing();

    ClusterDemo(int count, String engine) {
        this.count = count;
        this.engine = engine;
    }

    /// @throws LabException if anything does not go as it should
    void show() {
        System.out.println(count + " hosts with Docker Engines of their own, made of namespaces; this machine stays as"
                + " it is.");
        try (var lab = Lab.start(count, engine, 1500)) {
            showing.took("hosts and engines");
            try (var etcd = lab.startEtcd()) {
                System.out.println("An etcd at " + etcd.client() + ", which all hosts reach.");
                showing.took("etcd");
                show(lab, etcd);
            }
        }
        showing.took("end of the hosts");
        showing.end();
    }

    private void show(Lab lab, Etcd etcd) {
        lab.hosts().forEach(host -> startAgent(host, etcd));
        System.out.println("A Weft agent on each, told of the etcd in /etc/weft/weft.toml.");
        showing.took("agents");
        network(lab);
        ping(lab.hosts(), "c");
        showing.took("pings");
        look(lab.host(2));
        withoutStore(lab, etcd);
        remove(lab);
    }

    private static void startAgent(Host host, Etcd etcd) {
        try {
            var file = host.path("/etc/weft/weft.toml");
            Files.createDirectories(host.path("/etc/weft"));
            Files.writeString(file, "[cluster]\nstore = [\"" + etcd.client() + "\"]\n", UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        host.startAgent();
    }

    private static String docker(Host host, String... arguments) {
        var words = new ArrayList<>(List.of("docker"));
        words.addAll(List.of(arguments));
        return Showing.show(host.name() + "$", host::run, words.toArray(String[]::new));
    }

    private void network(Lab lab) {
        Showing.say("Created on one host, the network is on all");
        docker(lab.host(1), "network", "create", "--driver", "weft", "mynet");
        for (var host : lab.hosts()) {
            await(
                    "network mynet is on host " + host,
                    () -> host.docker("network", "inspect", "mynet").exitCode() == 0);
        }
        showing.took("network on all hosts");
        for (var host : lab.hosts()) {
            run(host, "c");
        }
        showing.took("containers");
    }

    private static void run(Host host, String name) {
        docker(host, "run", "--detach", "--name=" + name + host.number(), "--network=mynet", "busybox", "top");
    }

    private static void await(String what, BooleanSupplier condition) {
        if (!Wait.until(condition, PATIENCE)) {
            throw new LabException("not so within " + PATIENCE.toSeconds() + " s: " + what);
        }
    }

    private static String address(Host host, String container) {
        return host.docker("inspect", "--format={{.NetworkSettings.Networks.mynet.IPAddress}}", container)
                .ok()
                .text();
    }

    /// From each host to the next.
    private void ping(List<Host> hosts, String name) {
        Showing.say("From each host to the next");
        for (int i = 0; i < hosts.size(); i++) {
            var from = hosts.get(i);
            var to = hosts.get((i + 1) % hosts.size());
            var address = address(to, name + to.number());
            await(
                    from + " knows the way to " + address,
                    () -> from.docker("exec", name + from.number(), "ping", "-c", "1", "-W", "1", address)
                                    .exitCode()
                            == 0);
            docker(from, "exec", name + from.number(), "ping", "-c", "1", address);
        }
    }

    private void look(Host host) {
        Showing.say("What a host knows");
        weft(host, "network", "inspect", "mynet");
        weft(host, "host", "ls");
        showing.took("looks");
    }

    private static void weft(Host host, String... words) {
        Showing.show(host.name() + "$ weft", host::weft, words);
    }

    private void withoutStore(Lab lab, Etcd etcd) {
        Showing.say("The etcd dies: containers start all the same, and packets flow");
        etcd.kill();
        var last = lab.host(count);
        run(last, "late");
        docker(lab.host(1), "exec", "c1", "ping", "-c", "1", address(last, "c" + count));
        docker(last, "exec", "late" + count, "ping", "-c", "1", address(last, "c" + count));
        try {
            etcd.start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Showing.say("It is back: all hosts know of the container that was started meanwhile");
        var address = address(last, "late" + count);
        await(
                "host 1 knows of it",
                () -> lab.host(1).weft("network", "inspect", "mynet").out().contains("late" + count));
        docker(lab.host(1), "exec", "c1", "ping", "-c", "1", address);
        showing.took("outage");
    }

    private void remove(Lab lab) {
        Showing.say("And away with it: removed on one host, it is gone from all");
        for (var host : lab.hosts()) {
            host.docker("rm", "--force", "c" + host.number(), "late" + host.number());
        }
        await(
                "no host uses it",
                () -> lab.host(1).weft("network", "inspect", "mynet").out().contains("no endpoints on"));
        docker(lab.host(1), "network", "rm", "mynet");
        for (var host : lab.hosts()) {
            await(
                    "network mynet is gone from host " + host,
                    () -> host.docker("network", "inspect", "mynet").exitCode() != 0);
        }
        showing.took("removal");
    }
}
