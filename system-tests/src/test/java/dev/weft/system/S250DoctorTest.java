package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.http.HttpClient;
import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What an operator finds out with the commands of `weft`.
@Tag("system")
@DockerHosts(1)
@DisplayNameGeneration(ReplaceUnderscores.class)
class S250DoctorTest {
    private Containers containers;
    private Fabric fabric;

    /// One that leaves faults alone until it is told.
    @BeforeEach
    void an_agent_that_rarely_looks_and_a_container(Host host) throws IOException {
        containers = new Containers(host);
        fabric = new Fabric(host);
        new AgentSettings(host).startWith("docker.collect_after = '24h'", "reconcile.interval = '1h'");
        host.docker("network", "create", "-d", "weft", "--ipam-driver", "weft", "--subnet", "10.9.0.0/29", "mynet")
                .ok();
        containers.run("one", "mynet");
        Eventually.isTrue(
                "the names are learned",
                () -> host.weft("endpoint", "ls").ok().out().contains("one"));
    }

    @AfterEach
    void an_agent_as_usual(Host host) throws IOException {
        new AgentSettings(host).startWithDefaults();
    }

    private static void isHealthy(Host host) {
        var doctor = host.weft("doctor");
        assertThat(doctor.out()).isEqualTo("Everything is in order.\n");
        assertThat(doctor.exitCode()).isZero();
    }

    private static void finds(Host host, String code, String sentence) {
        var doctor = host.weft("doctor");
        assertThat(doctor.exitCode()).as("%s", doctor).isEqualTo(3);
        assertThat(doctor.out()).contains(code + "\n");
        assertThat(doctor.out().replaceAll("\\s+", " ")).contains(sentence);
    }

    @Test
    void on_a_healthy_host_nothing_is_found_and_everything_is_shown(Host host) {
        isHealthy(host);
        var status = host.weft("status").ok().out();
        assertThat(status)
                .startsWith("Weft 0.1.0 works, and no problem is known.\n")
                .contains("\nnetworks   1, with 1 endpoint; 1 subnet from Weft's IPAM\n", "\nengine     Docker ");
        assertThat(host.weft("network", "ls").ok().out())
                .matches("(?s)NETWORK .*\nmynet .* 1450 +1 +10\\.9\\.0\\.0/29\n");
        assertThat(host.weft("network", "inspect", "mynet").ok().out())
                .contains("\nbridge   " + fabric.bridge() + "\n");
        assertThat(host.weft("endpoint", "inspect", "one").ok().out())
                .contains(
                        "\naddresses  " + containers.address("one", "mynet") + "/29\n",
                        "\nsandbox    /var/run/docker/netns/");
        assertThat(host.weft("ipam", "ls").ok().out()).matches("(?s)SUBNET .*\n10\\.9\\.0\\.0/29 +mynet +6 .*");
        assertThat(host.weft("reconcile").ok().out())
                .matches("Compared 1 network and 1 endpoint in \\d+ ms: everything is as recorded\\.\n");
        assertThat(host.weft("state", "check").ok().out()).contains(" is what was written:\n  1 x network\n");
        host.weft("state", "backup", "/var/lib/weft/copy.db").ok();
        assertThat(host.weft("state", "check", "--state", "/var/lib/weft").err())
                .contains("another process holds it");
    }

    @Test
    void a_port_in_whose_place_is_another_link(Host host) {
        var port = fabric.ports(fabric.bridge()).getFirst();
        host.stopAgent();
        fabric.ip("link del " + port);
        fabric.ip("link add " + port + " type veth peer name left1");
        fabric.ip("link set " + port + " alias mine");
        host.startAgent();
        finds(host, "ERROR difference", "container one is not as recorded");
        finds(host, "ERROR not-mended", "link " + port + " exists and is not what Weft made (its alias is 'mine'");
        var reconcile = host.weft("reconcile");
        assertThat(reconcile.exitCode()).isEqualTo(3);
        assertThat(reconcile.out()).contains("Not mended:\n  - network mynet: link " + port);
        fabric.ip("link del " + port);
        host.weft("reconcile").ok();
        isHealthy(host);
        containers.run("two", "mynet");
        containers.ping("one", "two");
    }

    @Test
    void links_of_ours_that_nobody_knows(Host host) {
        fabric.ip("link add left0 type veth peer name left1");
        fabric.ip("link set left0 alias 'weft endpoint 0123'");
        finds(host, "WARNING stranger-link", "network namespace weft has links of 'weft endpoint 0123'");
        fabric.ip("link del left0");
        isHealthy(host);
    }

    @Test
    void records_of_what_the_engine_does_not_have(Host host) throws IOException {
        var create = """
                {"NetworkID":"%s","Options":{},"IPv4Data":[{"AddressSpace":"LocalDefault","Pool":"10.8.0.0/24"}],\
                "IPv6Data":[]}""".formatted("f".repeat(64));
        try (var agent = new HttpClient(host.pluginSocket())) {
            assertThat(agent.request("POST", "/NetworkDriver.CreateNetwork", create, Duration.ofMinutes(1))
                            .status())
                    .isEqualTo(200);
        }
        finds(
                host,
                "WARNING engine-lacks-network",
                "network " + "f".repeat(64) + " is on record, and the engine does not have it.");
        new AgentSettings(host).startWith("docker.collect_after = '1s'");
        Eventually.isTrue("it is collected", () -> host.weft("doctor").exitCode() == 0);
    }

    @Test
    void a_subnet_that_is_full(Host host) {
        int number = 2;
        while (host.docker("run", "-d", "--name", "c" + number, "--network", "mynet", "busybox", "top")
                        .exitCode()
                == 0) {
            number++;
        }
        finds(host, "ERROR pool-full", "subnet 10.9.0.0/29 of network mynet is full: all 6 addresses are given");
        host.docker("rm", "-f", "one").ok();
        isHealthy(host);
    }

    @Test
    void br_netfilter_where_it_should_not_be(Host host) {
        host.sh("ip netns exec weft sh -c 'echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables'")
                .ok();
        finds(host, "ERROR bridge-netfilter", "net.bridge.bridge-nf-call-iptables is on in network namespace weft");
        host.weft("reconcile").ok();
        isHealthy(host);
    }

    @Test
    void a_default_route_that_carries_less(Host host) {
        host.sh("ip link set eth0 mtu 1400").ok();
        try {
            finds(host, "WARNING mtu", "network mynet has an MTU of 1450 bytes inside");
        } finally {
            host.sh("ip link set eth0 mtu 1500").ok();
        }
        isHealthy(host);
    }

    @Test
    void a_firewall_whose_rules_somebody_flushed(Host host) {
        host.sh("iptables-save >/run/rules && iptables -P FORWARD DROP && iptables -F FORWARD")
                .ok();
        try {
            finds(host, "ERROR firewall-forward", "no rule accepts those from docker_gwbridge");
        } finally {
            host.sh("iptables-restore </run/rules").ok();
        }
        isHealthy(host);
    }

    @Test
    void docker_gwbridge_without_IPv6_is_exchanged_as_the_doctor_says(Host host) {
        host.docker(
                        "network",
                        "create",
                        "-d",
                        "weft",
                        "--ipv6",
                        "--subnet",
                        "10.8.0.0/24",
                        "--subnet",
                        "fd08::/64",
                        "six")
                .ok();
        finds(host, "WARNING gateway-bridge-ipv6", "network six has IPv6, and docker_gwbridge has not");
        host.docker("rm", "-f", "one").ok();
        var doctor = host.weft("doctor").out().replaceAll("\\s+", " ");
        var command = doctor.substring(doctor.indexOf("docker network rm")).replace("SUBNET", "fd0e::/64");
        try {
            host.sh(command).ok();
            isHealthy(host);
            containers.run("two", "six");
        } finally {
            host.docker("rm", "-f", "two");
            host.docker("network", "rm", "docker_gwbridge");
        }
    }

    @Test
    void sockets_that_others_can_use_or_nobody_finds(Host host) {
        host.sh("chmod 666 /run/docker/plugins/weft.sock").ok();
        finds(host, "WARNING socket-permissions", "chmod 600 /run/docker/plugins/weft.sock");
        host.sh("rm /run/docker/plugins/weft.sock").ok();
        finds(host, "ERROR socket-missing", "socket /run/docker/plugins/weft.sock is gone");
    }

    @Test
    void an_engine_that_is_away_and_an_agent_that_is(Host host) {
        host.stopEngine();
        try {
            finds(host, "WARNING engine-away", "the Docker API does not answer");
            assertThat(host.weft("engine", "adopt").exitCode()).isEqualTo(1);
        } finally {
            host.startEngine();
        }
        host.weft("engine", "adopt").ok();
        host.stopAgent();
        var status = host.weft("status");
        assertThat(status.exitCode()).isEqualTo(1);
        assertThat(status.err()).startsWith("weft: no Weft agent answers on /run/weft/admin.sock. Start it, ");
    }
}
