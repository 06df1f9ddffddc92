package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.DockerHosts;
import dev.weft.lab.Etcd;
import dev.weft.lab.Host;
import dev.weft.lab.Lab;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A network that is created on one host and is on all of them.
@Tag("system")
@DockerHosts(3)
@DisplayNameGeneration(ReplaceUnderscores.class)
class S710ManyHostsTest {
    private static Etcd etcd;
    private static Cluster cluster;

    @BeforeAll
    static void join(Lab lab) throws IOException {
        etcd = lab.startEtcd();
        cluster = new Cluster(lab.hosts());
        cluster.join(etcd);
    }

    @AfterAll
    static void end() {
        etcd.close();
    }

    @Test
    void the_two_commands(List<Host> hosts) {
        var one = hosts.get(0);
        one.docker("network", "create", "--driver", "weft", "mynet").ok();
        cluster.awaitNetwork("mynet");
        for (var host : hosts) {
            new Containers(host).run("c" + host.number(), "mynet");
        }
        for (var from : hosts) {
            for (var to : hosts) {
                cluster.ping(from, "c" + from.number(), new Containers(to).address("c" + to.number(), "mynet"));
            }
        }
    }

    @Test
    void IPv6_too_and_subnets_options_and_labels_are_the_same_everywhere(List<Host> hosts) {
        hosts.get(1)
                .docker(("network create -d weft --subnet 10.9.0.0/24 --gateway 10.9.0.9 --ipv6 --subnet fd09::/64"
                                + " --internal -o ingress_rate=1gbit --label a=b both")
                        .split(" "))
                .ok();
        cluster.awaitNetwork("both");
        var shown = new HashSet<String>();
        for (var host : hosts) {
            var pools = "{{range .IPAM.Config}}{{.Subnet}} {{.Gateway}};{{end}}";
            shown.add(host.docker(
                            "network",
                            "inspect",
                            "-f",
                            "{{.Internal}} {{.EnableIPv6}} " + pools + " {{.Labels}}",
                            "both")
                    .ok()
                    .text()
                    .replace("/64;", ";"));
            new Containers(host).run("c" + host.number(), "both");
        }
        assertThat(shown).as("what engines show").hasSize(1);
        for (var from : hosts) {
            for (var to : hosts) {
                cluster.ping(from, "c" + from.number(), new Containers(to).address6("c" + to.number(), "both"));
            }
        }
    }

    @Test
    void removing_it_on_a_host_that_does_not_use_it_takes_nothing_away_from_one_that_does(List<Host> hosts) {
        hosts.get(0).docker("network", "create", "-d", "weft", "kept").ok();
        cluster.awaitNetwork("kept");
        var user = new Containers(hosts.get(0));
        user.run("user", "kept");
        Eventually.isTrue(
                "host 2 knows of the container",
                () -> hosts.get(1).weft("network", "inspect", "kept").out().contains("user"));
        var before = new Containers(hosts.get(1)).networkId("kept");
        hosts.get(1).docker("network", "rm", "kept").ok();
        Eventually.isTrue(
                "it comes back",
                () -> hosts.get(1)
                                .docker("network", "inspect", "-f", "{{.Id}}", "kept")
                                .exitCode()
                        == 0);
        assertThat(new Containers(hosts.get(1)).networkId("kept")).isNotEqualTo(before);
        new Containers(hosts.get(1)).run("other", "kept");
        cluster.ping(hosts.get(1), "other", user.address("user", "kept"));
        hosts.get(0).docker("rm", "-f", "user").ok();
        hosts.get(1).docker("rm", "-f", "other").ok();
    }

    @Test
    void removing_a_network_that_nobody_uses_removes_it_everywhere(List<Host> hosts) {
        hosts.get(0).docker("network", "create", "-d", "weft", "gone").ok();
        cluster.awaitNetwork("gone");
        hosts.get(2).docker("network", "rm", "gone").ok();
        cluster.awaitNoNetwork("gone");
    }
}
