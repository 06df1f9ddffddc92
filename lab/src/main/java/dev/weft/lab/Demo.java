package dev.weft.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// `weft demo`: the README's commands on a real Docker Engine and a real Weft agent, in a host that is removed
/// afterwards, also when Ctrl-C ends it.
public final class Demo {
    private static final String USAGE = "usage: weft demo [--engine V], where V is 20.10, 26.1 or 28.5 (the default)";
    private static final String SERVE = "echo 'hello from web' >/index.html; exec httpd -f -p 80";

    private final List<String> times = new ArrayList<>();
    private long stepStart = System.nanoTime();

    private Demo() {}

    /// @param arguments `--engine V`, or none
    public static void main(String... arguments) {
        if (arguments.length != 0 && !(arguments.length == 2 && arguments[0].equals("--engine"))) {
            System.err.println(USAGE);
            System.exit(2);
        }
        try {
            new Demo().show(arguments.length == 0 ? "" : arguments[1]);
        } catch (LabException failure) {
            Wait.aMoment(Duration.ofMillis(300)); // Ctrl-C may have ended a child before it reached this JVM
            if (!exiting()) {
                System.err.println("weft demo: " + failure.getMessage());
                System.exit(1);
            }
        }
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
            took("host and engine");
            System.out.println("Weft agent, on Java " + Runtime.version().feature() + ", serves " + startAgent(host));
            took("agent");
            String first = network(host);
            ping(host, first);
            publish(lab, host);
            remove(host, first);
        }
        took("end of the host");
        System.out.println("\nEverything is removed again. Seconds: " + String.join(", ", times) + ".");
    }

    private static String startAgent(Host host) {
        host.startAgent();
        return "/run/docker/plugins/" + host.pluginSocket().getFileName();
    }

    private String network(Host host) {
        say("A network, and two containers on it");
        docker(host, "network", "create", "--driver", "weft", "mynet");
        String first = inBackground(host, "docker", "run", "--network=mynet", "busybox", "top");
        docker(host, "run", "--detach", "--name=second", "--network=mynet", "busybox", "top");
        took("network and two containers");
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
        say("By name and by address");
        docker(host, "exec", first, "ping", "-c", "1", "second");
        String address = "{{.NetworkSettings.Networks.mynet.IPAddress}}";
        String found = docker(host, "inspect", "--format=" + address, first);
        docker(host, "exec", "second", "ping", "-c", "1", found);
        took("pings");
    }

    private void publish(Lab lab, Host host) {
        say("A published port");
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
        say("It answers on the host");
        expectHello(show(fetch, host::run));
        say("And on another machine of its network");
        expectHello(show(fetch, lab::run));
        took("published port");
    }

    private static void expectHello(String page) {
        if (!page.equals("hello from web")) {
            throw new LabException("the published port answered '" + page + "' and not 'hello from web'");
        }
    }

    private void remove(Host host, String first) {
        say("And away with it");
        docker(host, "rm", "--force", first, "second", "web");
        docker(host, "network", "rm", "mynet");
        took("removal");
    }

    private static void say(String title) {
        System.out.println("\n# " + title);
    }

    private static String docker(Host host, String... arguments) {
        var words = new ArrayList<>(List.of("docker"));
        words.addAll(List.of(arguments));
        return show(words.toArray(String[]::new), host::run);
    }

    /// As a person would type it.
    private static String quoted(String word) {
        return word.matches("[\\w./:=+-]+") ? word : '"' + word + '"';
    }

    private static String show(String[] command, Function<String[], Result> run) {
        System.out.println("$ " + Stream.of(command).map(Demo::quoted).collect(Collectors.joining(" ")));
        Result result = run.apply(command).ok();
        (result.out() + result.err())
                .lines()
                .filter(line -> !line.isBlank())
                .forEach(line -> System.out.println("  " + line));
        return result.text();
    }

    private void took(String step) {
        long now = System.nanoTime();
        times.add(String.format(Locale.ROOT, "%s %.1f", step, (now - stepStart) / 1e9));
        stepStart = now;
    }
}
