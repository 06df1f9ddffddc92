package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.DockerHosts;
import dev.weft.lab.Etcd;
import dev.weft.lab.Host;
import dev.weft.lab.Lab;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
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
    void weft_network_rm_removes_it_from_all_hosts_when_their_containers_are_gone(List<Host> hosts) {
        hosts.get(0).docker("network", "create", "-d", "weft", "leaving").ok();
        cluster.awaitNetwork("leaving");
        new Containers(hosts.get(1)).run("user", "leaving");
        Eventually.isTrue("host 3 knows of the container", () -> {
            var refused = hosts.get(2).weft("network", "rm", "leaving");
            return refused.exitCode() == 1 && refused.err().contains("containers on h2 are on it");
        });
        hosts.get(2).weft("network", "rm", "--force", "leaving").ok();
        Eventually.isTrue(
                "it goes from hosts without containers on it",
                () -> hosts.get(0).docker("network", "inspect", "leaving").exitCode() != 0);
        assertThat(hosts.get(1).docker("network", "inspect", "leaving").exitCode())
                .isZero();
        hosts.get(1).docker("rm", "-f", "user").ok();
        cluster.awaitNoNetwork("leaving");
    }

    @Test
    void two_hosts_that_create_the_same_network_at_once_have_one(List<Host> hosts) {
        etcd.pause();
        try {
            hosts.get(0)
                    .docker("network", "create", "-d", "weft", "--subnet", "10.13.0.0/24", "same")
                    .ok();
            hosts.get(1)
                    .docker("network", "create", "-d", "weft", "--subnet", "10.13.0.0/24", "same")
                    .ok();
        } finally {
            etcd.resume();
        }
        Eventually.isTrue(
                "it is one network, on all hosts",
                () -> hosts.stream()
                                        .map(host -> host.weft("network", "inspect", "--json", "same")
                                                .out())
                                        .map(shown ->
                                                shown.replaceAll(".*\"cluster\":\\{\"id\":\"([0-9a-f]+)\".*\\s*", "$1"))
                                        .filter(id -> id.length() == 16)
                                        .distinct()
                                        .count()
                                == 1
                        && hosts.stream()
                                .allMatch(host -> host.weft("network", "inspect", "same")
                                        .out()
                                        .contains("VNI")));
        for (var host : hosts) {
            new Containers(host).run("c" + host.number(), "same");
        }
        cluster.ping(hosts.get(0), "c1", new Containers(hosts.get(1)).address("c2", "same"));
        cluster.ping(hosts.get(2), "c3", new Containers(hosts.get(1)).address("c2", "same"));
    }

    @Test
    void removing_a_network_that_nobody_uses_removes_it_everywhere(List<Host> hosts) {
        hosts.get(0).docker("network", "create", "-d", "weft", "gone").ok();
        cluster.awaitNetwork("gone");
        hosts.get(2).docker("network", "rm", "gone").ok();
        cluster.awaitNoNetwork("gone");
    }

    @Test
    void an_address_that_another_host_has_is_refused_with_its_container_and_host(List<Host> hosts) {
        hosts.get(0)
                .docker("network", "create", "-d", "weft", "--subnet", "10.8.0.0/24", "named")
                .ok();
        cluster.awaitNetwork("named");
        new Containers(hosts.get(0)).run("first", "named", "--ip", "10.8.0.100");
        Eventually.isTrue(
                "host 2 knows of the container",
                () -> hosts.get(1).weft("network", "inspect", "named").out().contains("first"));
        var refused = hosts.get(1).docker("run", "-d", "--network", "named", "--ip", "10.8.0.100", "busybox", "top");
        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.err()).contains("address 10.8.0.100 is held by container first on host h1");
        new Containers(hosts.get(1)).run("second", "named", "--ip", "10.8.0.101");
        cluster.ping(hosts.get(1), "second", "10.8.0.100");
    }

    @Test
    void while_the_store_is_away_containers_start_and_talk_and_afterwards_all_is_one_again(List<Host> hosts)
            throws IOException {
        hosts.get(0).docker("network", "create", "-d", "weft", "mynet").ok();
        cluster.awaitNetwork("mynet");
        run(hosts, "before");
        awaitKnown(hosts, "mynet", "before");
        etcd.kill();
        try {
            run(hosts, "meanwhile");
            cluster.ping(hosts.get(0), "before1", address(hosts.get(2), "before3"));
            assertThat(addresses(hosts, "before", "meanwhile")).doesNotHaveDuplicates();
        } finally {
            etcd.start();
        }
        awaitKnown(hosts, "mynet", "meanwhile");
        allTalk(hosts, "meanwhile");
    }

    @Test
    void a_store_that_lost_everything_takes_nothing_away(List<Host> hosts) throws IOException {
        hosts.get(1).docker("network", "create", "-d", "weft", "mynet").ok();
        cluster.awaitNetwork("mynet");
        run(hosts, "before");
        awaitKnown(hosts, "mynet", "before");
        etcd.kill();
        etcd.wipe();
        etcd.start();
        for (var host : hosts) {
            Eventually.isTrue(
                    host + " is in the cluster again",
                    () -> host.weft("status").out().contains("connected\n")
                            && !host.weft("status").out().contains("away"));
        }
        run(hosts, "after");
        awaitKnown(hosts, "mynet", "after");
        allTalk(hosts, "before");
        allTalk(hosts, "after");
        assertThat(addresses(hosts, "before", "after")).doesNotHaveDuplicates();
    }

    @Test
    void a_host_that_is_cut_off_goes_on_and_joins_again(Lab lab, List<Host> hosts) {
        hosts.get(0).docker("network", "create", "-d", "weft", "mynet").ok();
        cluster.awaitNetwork("mynet");
        run(hosts, "before");
        awaitKnown(hosts, "mynet", "before");
        lab.cut(hosts.get(2));
        run(hosts, "meanwhile");
        cluster.ping(hosts.get(0), "meanwhile1", address(hosts.get(1), "meanwhile2"));
        lab.heal(hosts.get(2));
        awaitKnown(hosts, "mynet", "meanwhile");
        allTalk(hosts, "meanwhile");
        assertThat(addresses(hosts, "before", "meanwhile")).doesNotHaveDuplicates();
    }

    @Test
    void of_two_networks_of_one_name_that_are_not_the_same_one_wins_and_the_other_says_why(List<Host> hosts) {
        etcd.pause();
        try {
            hosts.get(0)
                    .docker("network", "create", "-d", "weft", "--subnet", "10.11.0.0/24", "twice")
                    .ok();
            hosts.get(1)
                    .docker("network", "create", "-d", "weft", "--subnet", "10.12.0.0/24", "twice")
                    .ok();
        } finally {
            etcd.resume();
        }
        var refusals = new ArrayList<String>();
        Eventually.isTrue("one of the two is in conflict", () -> {
            refusals.clear();
            for (var host : hosts.subList(0, 2)) {
                var status = host.weft("status").out().replaceAll("\\s+", " ");
                if (status.contains("network twice of this host is not that of the cluster")) {
                    refusals.add(host.docker("run", "--rm", "--network", "twice", "busybox", "true")
                            .err());
                }
            }
            return refusals.size() == 1;
        });
        assertThat(refusals.getFirst()).contains("is not that of the cluster, which host h");
    }

    @Test
    void a_network_of_another_driver_is_left_alone_and_named(List<Host> hosts) {
        hosts.get(1).docker("network", "create", "-d", "bridge", "other").ok();
        hosts.get(0).docker("network", "create", "-d", "weft", "other").ok();
        Eventually.isTrue(
                "host 2 names it",
                () -> hosts.get(1)
                        .weft("status")
                        .out()
                        .replaceAll("\\s+", " ")
                        .contains(
                                "network other of the cluster is not on this host, which has one of that name of driver"
                                        + " bridge"));
        assertThat(hosts.get(1)
                        .docker("network", "inspect", "-f", "{{.Driver}}", "other")
                        .text())
                .isEqualTo("bridge");
    }

    private static void run(List<Host> hosts, String name) {
        for (var host : hosts) {
            new Containers(host).run(name + host.number(), "mynet");
        }
    }

    private static String address(Host host, String container) {
        return new Containers(host).address(container, "mynet");
    }

    private static List<String> addresses(List<Host> hosts, String... names) {
        return hosts.stream()
                .flatMap(host -> Stream.of(names).map(name -> address(host, name + host.number())))
                .toList();
    }

    private static void awaitKnown(List<Host> hosts, String network, String name) {
        for (var host : hosts) {
            Eventually.isTrue("all of " + name + " are known on " + host, () -> {
                var shown = host.weft("network", "inspect", network).out();
                return hosts.stream().allMatch(other -> shown.contains(name + other.number()));
            });
        }
    }

    private static void allTalk(List<Host> hosts, String name) {
        for (var from : hosts) {
            for (var to : hosts) {
                cluster.ping(from, name + from.number(), address(to, name + to.number()));
            }
        }
    }
}
