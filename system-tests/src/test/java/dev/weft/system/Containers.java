package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.Host;
import dev.weft.lab.Result;
import java.util.ArrayList;
import java.util.List;

/// What the tests do with the containers of one host.
record Containers(Host host) {
    /// Starts a container that does nothing until it is removed.
    void run(String name, String network, String... options) {
        var command = new ArrayList<>(List.of("run", "-d", "--name", name, "--network", network));
        command.addAll(List.of(options));
        command.addAll(List.of("busybox", "top"));
        host.docker(command.toArray(String[]::new)).ok();
    }

    Result exec(String name, String... command) {
        var all = new ArrayList<>(List.of("exec", name));
        all.addAll(List.of(command));
        return host.docker(all.toArray(String[]::new)).ok();
    }

    /// Serves one line on port 80.
    void serve(String name, String line) {
        exec(name, "sh", "-c", "mkdir -p /www && echo '" + line + "' >/www/index.html && httpd -h /www");
    }

    void ping(String from, String to) {
        var result = host.docker("exec", from, "ping", "-c", "2", "-W", "5", to);
        assertThat(result.exitCode())
                .as("ping from %s to %s: %s", from, to, result)
                .isZero();
    }

    boolean reaches(String from, String to) {
        return host.docker("exec", from, "ping", "-c", "2", "-W", "1", to).exitCode() == 0;
    }

    String address(String name, String network) {
        var template = "{{with index .NetworkSettings.Networks \"" + network + "\"}}{{.IPAddress}}{{end}}";
        return host.docker("inspect", "-f", template, name).ok().text();
    }

    String address6(String name, String network) {
        var template = "{{with index .NetworkSettings.Networks \"" + network + "\"}}{{.GlobalIPv6Address}}{{end}}";
        return host.docker("inspect", "-f", template, name).ok().text();
    }

    /// What `ip` shows of the links, addresses and routes in a container when they have settled, but for the kernel's
    /// numbers of links and what `ip` makes of the number of a link in another namespace.
    String inside(String name) {
        Eventually.isTrue("the links of " + name + " have settled", () -> {
            var addresses = exec(name, "ip", "addr").text();
            return !addresses.contains("tentative") && !addresses.contains("NO-CARRIER");
        });
        return exec(name, "sh", "-c", "ip addr; ip route; ip -6 route")
                .text()
                .replaceAll("(?m)^[0-9]+: |@\\w+|,M-DOWN|link-netnsid [0-9]+| flags [0-9a-f]+", "")
                .replaceAll("(?m) +$", "");
    }

    String networkId(String network) {
        return host.docker("network", "inspect", "-f", "{{.Id}}", network).ok().text();
    }

    /// Of all that run.
    List<String> names() {
        return host.docker("ps", "--format", "{{.Names}}").ok().out().lines().toList();
    }

    /// The id of the container's endpoint in the network.
    String endpoint(String name, String network) {
        var template = "{{with index .NetworkSettings.Networks \"" + network + "\"}}{{.EndpointID}}{{end}}";
        return host.docker("inspect", "-f", template, name).ok().text();
    }
}
