package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.Etcd;
import dev.weft.lab.Host;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/// Agents of several hosts with one store.
record Cluster(List<Host> hosts) {
    /// Starts each agent, anew if it runs.
    void join(Etcd etcd, String... lines) throws IOException {
        for (var host : hosts) {
            new AgentSettings(host).startWith(settings(etcd.client(), lines));
        }
        for (var host : hosts) {
            Eventually.isTrue(
                    "the agent of " + host + " is in the cluster",
                    () -> host.agentLog().contains("in the cluster, with "));
        }
    }

    private static String[] settings(URI store, String... lines) {
        var all = new ArrayList<>(List.of("[cluster]", "store = [\"" + store + "\"]"));
        all.addAll(List.of(lines));
        return all.toArray(String[]::new);
    }

    void awaitNetwork(String name) {
        for (var host : hosts) {
            Eventually.isTrue(
                    "network " + name + " is on host " + host,
                    () -> host.docker("network", "inspect", name).exitCode() == 0);
        }
    }

    void awaitNoNetwork(String name) {
        for (var host : hosts) {
            Eventually.isTrue(
                    "network " + name + " is not on host " + host,
                    () -> host.docker("network", "inspect", name).exitCode() != 0);
        }
    }

    /// Between containers of two hosts, by address.
    void ping(Host from, String container, String address) {
        Eventually.isTrue(
                container + " on " + from + " reaches " + address,
                () -> from.docker("exec", container, "ping", "-c", "1", "-W", "1", address)
                                .exitCode()
                        == 0);
        var result = from.docker("exec", container, "ping", "-c", "3", "-W", "2", address);
        assertThat(result.exitCode())
                .as("%s on %s to %s: %s", container, from, address, result)
                .isZero();
    }
}
