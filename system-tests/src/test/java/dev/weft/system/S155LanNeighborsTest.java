package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import dev.weft.lab.Lab;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What other machines of a LAN hear of the containers of two hosts, and these of the others. The engine is one that
/// does not announce containers itself; the lab's switch is a third machine.
@Tag("system")
@DockerHosts(value = 2, engine = "20.10")
@DisplayNameGeneration(ReplaceUnderscores.class)
class S155LanNeighborsTest {
    private static final String IPV4 = "10.77.0.101";
    private static final String IPV6 = "fd77::101";
    private static final String FIRST_MAC = "02:00:00:00:01:01";
    private static final String SECOND_MAC = "02:00:00:00:01:02";

    private Containers here;
    private Containers there;

    @BeforeAll
    static void startAgents(Lab lab, List<Host> hosts) {
        hosts.forEach(Host::startAgent);
        // an hour: what the switch believes to know of a neighbor changes only when it is told
        atSwitch(
                lab,
                "for family in ipv4 ipv6; do"
                        + " echo 3600000 >/proc/sys/net/$family/neigh/br0/base_reachable_time_ms; done");
    }

    @BeforeEach
    void use(List<Host> hosts) {
        here = new Containers(hosts.get(0));
        there = new Containers(hosts.get(1));
    }

    @AfterEach
    void forget(Lab lab) {
        atSwitch(lab, "ip addr del " + IPV4 + "/24 dev br0 2>/dev/null; ip neigh flush dev br0");
    }

    private static String atSwitch(Lab lab, String line) {
        return lab.run("sh", "-c", line).ok().text();
    }

    private static String switchMac(Lab lab) {
        return atSwitch(lab, "ip -o link show br0 | sed 's/.*link.ether //; s/ .*//'");
    }

    private void createOnBoth(String... options) {
        for (var containers : List.of(here, there)) {
            create(containers, options);
        }
    }

    private static void create(Containers containers, String... options) {
        containers
                .host()
                .sh("docker network create -d weft -o mode=macvlan -o parent=eth0 --subnet 10.77.0.0/24"
                        + " --gateway 10.77.0.254 --ipv6 --subnet fd77::/64 --gateway fd77::fe "
                        + String.join(" ", options) + " lan")
                .ok();
    }

    /// From the first host to the second, where it has another MAC address.
    private void moveContainer(Lab lab) {
        here.run("one", "lan", "--ip", IPV4, "--ip6", IPV6, "--mac-address", FIRST_MAC);
        for (var address : List.of(IPV4, IPV6)) {
            assertThat(reaches(lab, address)).isTrue();
            atSwitch(lab, "ip neigh replace " + address + " lladdr " + FIRST_MAC + " dev br0 nud reachable");
        }
        here.host().docker("rm", "-f", "one").ok();
        there.run("one", "lan", "--ip", IPV4, "--ip6", IPV6, "--mac-address", SECOND_MAC);
    }

    private static boolean reaches(Lab lab, String address) {
        return lab.run("busybox", "ping", "-c", "2", "-W", "2", address).exitCode() == 0;
    }

    private static String neighbor(Lab lab, String address) {
        return atSwitch(lab, "ip neigh show " + address + " dev br0");
    }

    @Test
    void without_announcements_others_send_to_where_a_container_was(Lab lab) {
        createOnBoth("-o", "com.docker.network.advertise_addr_nmsgs=0");
        moveContainer(lab);
        for (var address : List.of(IPV4, IPV6)) {
            assertThat(reaches(lab, address)).as(address).isFalse();
            assertThat(neighbor(lab, address)).contains(FIRST_MAC);
        }
    }

    @Test
    void a_container_that_comes_back_on_another_host_is_announced_and_reached(Lab lab) {
        createOnBoth();
        moveContainer(lab);
        for (var address : List.of(IPV4, IPV6)) {
            Eventually.isTrue(
                    "the switch knows the new MAC address of " + address,
                    () -> neighbor(lab, address).contains(SECOND_MAC));
            assertThat(reaches(lab, address)).as(address).isTrue();
        }
    }

    @Test
    void an_address_that_another_machine_has_is_refused_and_with_probe_off_it_is_given(Lab lab) {
        create(here);
        atSwitch(lab, "ip addr add " + IPV4 + "/24 dev br0");
        assertThat(here.host()
                        .docker("run", "--network", "lan", "--ip", IPV4, "--ip6", IPV6, "busybox", "true")
                        .err())
                .contains("cannot connect the container: address " + IPV4 + " is in use on the LAN by " + switchMac(lab)
                        + " (seen on eth0); choose another --ip");
        here.host().docker("network", "rm", "lan").ok();
        create(here, "-o", "probe=off");
        here.run("one", "lan", "--ip", IPV4, "--ip6", IPV6);
    }

    @Test
    void an_address_that_a_container_of_another_host_has_is_refused() {
        createOnBoth();
        here.run("one", "lan", "--ip", IPV4, "--ip6", IPV6);
        var mac = here.exec("one", "cat", "/sys/class/net/eth0/address").text();
        for (var addresses : Map.of(IPV4, "fd77::102", "10.77.0.102", IPV6).entrySet()) {
            assertThat(there.host()
                            .docker(
                                    "run",
                                    "--network",
                                    "lan",
                                    "--ip",
                                    addresses.getKey(),
                                    "--ip6",
                                    addresses.getValue(),
                                    "busybox",
                                    "true")
                            .err())
                    .contains(" is in use on the LAN by " + mac + " (seen on eth0)");
        }
    }

    @Test
    void an_address_that_the_host_itself_has_is_refused() {
        create(here);
        assertThat(here.host()
                        .docker(
                                "run",
                                "--network",
                                "lan",
                                "--ip",
                                IPV4,
                                "--ip6",
                                here.host().address6(),
                                "busybox",
                                "true")
                        .err())
                .contains("address fd77::1 is in use on the LAN by 02:77:00:00:00:01 (seen on eth0)");
    }

    @Test
    void an_address_that_is_claimed_later_is_told(Lab lab) {
        create(here);
        here.run("one", "lan", "--ip", IPV4, "--ip6", IPV6);
        atSwitch(lab, "ip addr add " + IPV4 + "/24 dev br0");
        Eventually.isTrue("the claim is told", () -> {
            atSwitch(lab, "ip neigh flush dev br0; busybox ping -c 1 -W 1 -I " + IPV4 + " 10.77.0.2 || true");
            var status = here.host().weft("status").out().replaceAll("\\s+", " "); // in lines of a terminal
            return status.contains("is taken twice: address " + IPV4 + " is in use on the LAN by " + switchMac(lab));
        });
    }

    @Test
    void ports_that_are_published_are_told_not_to_be() {
        create(here);
        long mark = here.host().agentLogMark();
        here.run("one", "lan", "--ip", IPV4, "--ip6", IPV6, "-p", "8080:80");
        assertThat(here.host().agentLogSince(mark))
                .contains("is of mode macvlan, where -p publishes nothing: every port of a container is open at its own"
                        + " address");
    }
}
