package dev.weft.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `weft demo`: the README's commands on a real Docker Engine and a real Weft agent, in a host that is removed
/// afterwards, also when Ctrl-C ends it.
public final class Demo {
    private static final String USAGE =
            "usage: weft demo [--hosts N] [--engine V], where N is 1 (the default) to 5, and V is 20.10, 26.1 or 28.5"
                    + " (the default)";
    private static final String SERVE = "echo 'hello from web' >/index.html; exec httpd -f -p 80";

    private final Showing showing = new Showing();

    private Demo() {}

    /// @param arguments `--engine V`, `--hosts N`, or none
    public static void main(String... arguments) {
        var options = options(arguments);
        int hosts = Integer.parseInt(options.getOrDefault("--hosts", "1"));
        var engine = options.getOrDefault("--engine", "");
        try {
            if (hosts == 1) {
                new Demo().show(engine);
            } else {
                new ClusterDemo(hosts, engine).show();
            }
        } catch (LabException failure) {
            Wait.aMoment(Duration.ofMillis(300)); // Ctrl-C may have ended a child before it reached this JVM
            if (!exiting()) {
                System.err.println("weft demo: " + failure.getMessage());
                System.exit(1);
            }
        }
    }

    private static Map<String, String> options(String... arguments) {
        var options = new HashMap<String, String>();
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            options.put(arguments[i], arguments[i + 1]);
        }
        boolean isRight = arguments.length % 2 == 0
                && Set.of("--engine", "--hosts").containsAll(options.keySet())
                && options.getOrDefault("--hosts", "1").matches("[1-5]");
        if (!isRight) {
            System.err.println(USAGE);
            System.exit(2);
        }
        return options;
    }

    private static boolean exiting() {
        try {
            var probe = new Thread();
            Runtime.getRuntime().addShutdownHook(probe);
            Runtime.getRuntime().removeShutdownHook(probe);
            return false;
        } catch (IllegalStateException shutdownInProgress) {
            return true;
        }
    }

    private void show(String engine) {
        System.out.println("A host with a Docker Engine of its own, made of namespaces; this machine stays as it is.");
        try (var lab = Lab.start(1, engine, 1500)) {
            Host host = lab.host(1);
            showing.took("host and engine");
            System.out.println("Weft agent, on Java " + Runtime.version().feature() + ", serves " + startAgent(host));
            showing.took("agent");
            String first = network(host);
            ping(host, first);
            publish(lab, host);
            remove(host, first);
        }
        showing.took("end of the host");
        showing.end();
    }

    private static String startAgent(Host host) {
        host.startAgent();
        return "/run/docker/plugins/" + host.pluginSocket().getFileName();
    }

    private String network(Host host) {
        Showing.say("A network, and two containers on it");
        docker(host, "network", "create", "--driver", "weft", "mynet");
        String first = inBackground(host, "docker", "run", "--network=mynet", "busybox", "top");
        docker(host, "run", "--detach", "--name=second", "--network=mynet", "busybox", "top");
        showing.took("network and two containers");
        return first;
    }

    /// Runs a container in the foreground of a terminal that nobody looks at.
    ///
    /// @return the name that the engine gave it
    private static String inBackground(Host host, String... command) {
        System.out.println("$ " + String.join(" ", command) + " &");
        host.start(command);
        boolean runs = Wait.until(() -> !names(host).isEmpty(), Duration.ofSeconds(60));
        if (!runs) {
            throw new LabException("'" + String.join(" ", command) + "' started no container within 60 s");
        }
        return names(host);
    }

    private static String names(Host host) {
        return host.docker("ps", "--format={{.Names}}").ok().text();
    }

    private void ping(Host host, String first) {
        Showing.say("By name and by address");
        docker(host, "exec", first, "ping", "-c", "1", "second");
        String address = "{{.NetworkSettings.Networks.mynet.IPAddress}}";
        String found = docker(host, "inspect", "--format=" + address, first);
        docker(host, "exec", "second", "ping", "-c", "1", found);
        showing.took("pings");
    }

    private void publish(Lab lab, Host host) {
        Showing.say("A published port");
        docker(
                host,
                "run",
                "--detach",
                "--name=web",
                "--network=mynet",
                "--publish=8080:80",
                "busybox",
                "sh",
                "-c",
                SERVE);
        String url = "http://" + host.address() + ":8080/";
        String[] fetch = {"timeout", "5", "busybox", "wget", "-q", "-O", "-", url}; // Debian's crashes with -T
        Wait.until(() -> host.run(fetch).exitCode() == 0, Duration.ofSeconds(10)); // httpd has just begun
        Showing.say("It answers on the host");
        expectHello(Showing.show("$", host::run, fetch));
        Showing.say("And on another machine of its network");
        expectHello(Showing.show("$", lab::run, fetch));
        showing.took("published port");
    }

    private static void expectHello(String page) {
        if (!page.equals("hello from web")) {
            throw new LabException("the published port answered '" + page + "' and not 'hello from web'");
        }
    }

    private void remove(Host host, String first) {
        Showing.say("And away with it");
        docker(host, "rm", "--force", first, "second", "web");
        docker(host, "network", "rm", "mynet");
        showing.took("removal");
    }

    private static String docker(Host host, String... arguments) {
        var words = new ArrayList<>(List.of("docker"));
        words.addAll(List.of(arguments));
        return Showing.show("$", host::run, words.toArray(String[]::new));
    }
}
