package dev.weft.agent.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.agent.doctor.Finding.Severity;
import dev.weft.agent.doctor.Snapshot.EngineFacts;
import dev.weft.agent.doctor.Snapshot.Versions;
import dev.weft.drivers.Deviation;
import dev.weft.drivers.plan.Step;
import dev.weft.drivers.vxlan.Underlay;
import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.state.AddressRecord;
import dev.weft.state.EndpointRecord;
import dev.weft.state.Tombstone;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each finding by itself, on a host on which all else is in order.
@DisplayNameGeneration(ReplaceUnderscores.class)
class FindingsTest {
    private final Facts facts = new Facts();

    private void finds(String code, Severity severity, String subject, String sentence) {
        assertThat(facts.findings()).containsExactly(new Finding(code, severity, subject, sentence));
    }

    @Test
    void where_all_is_in_order_nothing_is_found() {
        assertThat(facts.findings()).isEmpty();
    }

    @Test
    void what_is_otherwise_than_on_record_is_told_with_what_would_mend_it() {
        facts.deviations = List.of(
                new Deviation("container web", new Step.AddStation("veth-1", MacAddress.parse("02:42:0a:09:00:02"))));
        finds(
                "difference",
                Severity.ERROR,
                "bridge fdb replace 02:42:0a:09:00:02 dev veth-1 master static",
                "container web is not as recorded, and this would mend it: bridge fdb replace 02:42:0a:09:00:02 dev"
                        + " veth-1 master static. The agent does so by itself; if it has not, 'weft reconcile' says"
                        + " why.");
    }

    @Test
    void what_the_agent_could_not_mend_is_told_in_its_own_words() {
        facts.notMended = Set.of("network mynet: link br-1 is of kind 'veth'.");
        finds(
                "not-mended",
                Severity.ERROR,
                "network mynet: link br-1 is of kind 'veth'.",
                "network mynet: link br-1 is of kind 'veth'.");
    }

    @Test
    void links_of_ours_that_are_of_nothing_on_record() {
        facts.strangers = Set.of("weft endpoint 0123");
        finds(
                "stranger-link",
                Severity.WARNING,
                "weft endpoint 0123",
                "network namespace weft has links of 'weft endpoint 0123', which is not on record: the state was lost or"
                        + " exchanged. If the engine still has it, stop the agent and run 'weft state rebuild'; if not,"
                        + " the agent removes them by itself.");
    }

    @Test
    void a_network_that_the_engine_does_not_have() {
        facts.engineNetworks = Set.of();
        finds(
                "engine-lacks-network",
                Severity.WARNING,
                Facts.NETWORK,
                "network mynet is on record, and the engine does not have it. The agent removes it by itself,"
                        + " docker.collect_after after it has first seen that.");
    }

    @Test
    void an_endpoint_that_the_engine_does_not_have() {
        facts.engineEndpoints = Set.of();
        finds(
                "engine-lacks-endpoint",
                Severity.WARNING,
                Facts.ENDPOINT,
                "container web is on record in network mynet, and the engine does not have it there. The agent removes"
                        + " it by itself, docker.collect_after after it has first seen that.");
    }

    @Test
    void addresses_that_are_given_and_nobody_has() {
        facts.addresses.add(new AddressRecord(
                "weft-local/10.9.0.0/24", InetAddress.ofLiteral("10.9.0.7"), AddressRecord.Purpose.CHOSEN, 1));
        finds(
                "idle-address",
                Severity.WARNING,
                "weft-local/10.9.0.0/24",
                "of subnet 10.9.0.0/24 of network mynet 10.9.0.7 is given, and no container has it. The agent takes back"
                        + " what two looks, docker.collect_after apart, find unused.");
    }

    @Test
    void an_address_that_the_engine_reserves_is_somebodys() {
        facts.addresses.add(new AddressRecord(
                "weft-local/10.9.0.0/24", InetAddress.ofLiteral("10.9.0.7"), AddressRecord.Purpose.CHOSEN, 1));
        facts.engineAddresses.add(InetAddress.ofLiteral("10.9.0.7"));
        assertThat(facts.findings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"228, 0", "229, 1"})
    void a_subnet_is_nearly_full_from_90_of_100_addresses_on(long given, int findings) {
        facts.given = given;
        assertThat(facts.findings()).hasSize(findings);
    }

    @Test
    void a_subnet_that_is_nearly_full() {
        facts.given = 250;
        finds(
                "pool-nearly-full",
                Severity.WARNING,
                "weft-local/10.9.0.0/24",
                "subnet 10.9.0.0/24 of network mynet is nearly full: 4 of 254 addresses are free. Remove containers that"
                        + " are not used, or create the network again with a larger --subnet.");
    }

    @Test
    void a_subnet_that_is_full() {
        facts.given = 254;
        finds(
                "pool-full",
                Severity.ERROR,
                "weft-local/10.9.0.0/24",
                "subnet 10.9.0.0/24 of network mynet is full: all 254 addresses are given, and no further container can"
                        + " start there. Remove containers that are not used, or create the network again with a larger"
                        + " --subnet.");
    }

    @Test
    void a_network_whose_packets_have_become_too_large() {
        facts.underlay = new Underlay("eth0", 1400, false);
        finds(
                "mtu",
                Severity.WARNING,
                Facts.NETWORK,
                "network mynet has an MTU of 1450 bytes inside, and the default route over eth0, MTU 1400, now leaves"
                        + " 1350: larger packets will not reach other hosts. Set that link's MTU back, or create the"
                        + " network again.");
    }

    @Test
    void br_netfilter_in_the_fabric() {
        facts.bridgeNetfilter = List.of("bridge-nf-call-iptables");
        finds(
                "bridge-netfilter",
                Severity.ERROR,
                "bridge-nf-call-iptables",
                "net.bridge.bridge-nf-call-iptables is on in network namespace weft, so packets between containers go"
                        + " through iptables there. 'weft reconcile' turns it off; if it comes back, find out who runs:"
                        + " ip netns exec weft sysctl");
    }

    @Test
    void a_firewall_that_lets_nothing_out_of_docker_gwbridge() {
        facts.ipv4Rules = new FirewallRules(List.of("-P INPUT ACCEPT", "-P FORWARD DROP", "-P OUTPUT ACCEPT"));
        finds(
                "firewall-forward",
                Severity.ERROR,
                "IPv4",
                "the host drops IPv4 packets that it forwards, and no rule accepts those from docker_gwbridge: containers"
                        + " do not get out. Somebody has flushed the engine's rules; restart Docker Engine, which makes"
                        + " them again.");
        facts.network = Facts.network(true, Map.of(), "10.9.0.0/24");
        assertThat(facts.findings()).as("internal networks do not need it").isEmpty();
    }

    @Test
    void a_firewall_that_keeps_containers_from_a_host_that_has_access_to_their_network() {
        facts.network = Facts.network(false, Map.of("host_access", "true"), "10.9.0.0/24");
        facts.ipv4Rules = new FirewallRules(
                List.of("-P INPUT DROP", "-A INPUT -i lo -j ACCEPT", "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT"));
        finds(
                "firewall-input",
                Severity.ERROR,
                Facts.NETWORK + " IPv4",
                "the host drops IPv4 packets that come to it, and no rule accepts those from network mynet, which has"
                        + " host_access. Accept them: iptables -I INPUT -i whost-012345678 -j ACCEPT");
        facts.ipv4Rules = new FirewallRules(List.of("-P INPUT DROP", "-A INPUT -i whost-+ -j ACCEPT"));
        assertThat(facts.findings()).isEmpty();
    }

    @Test
    void docker_gwbridge_with_a_subnet_of_a_network() {
        facts.gatewayBridge = List.of(Cidr.parse("10.9.0.1/16"));
        finds(
                "gateway-bridge-overlap",
                Severity.ERROR,
                Facts.NETWORK,
                "docker_gwbridge has 10.9.0.1/16, which overlaps 10.9.0.0/24 of network mynet: containers of that cannot"
                        + " start. Stop the containers that are in it, and exchange it: docker network rm"
                        + " docker_gwbridge && docker network create --subnet SUBNET"
                        + " -o com.docker.network.bridge.name=docker_gwbridge"
                        + " -o com.docker.network.bridge.enable_icc=false"
                        + " -o com.docker.network.bridge.enable_ip_masquerade=true docker_gwbridge");
    }

    @Test
    void docker_gwbridge_without_IPv6_where_a_network_has_it() {
        facts.network = Facts.network(false, Map.of(), "10.9.0.0/24", "fd09::/64");
        finds(
                "gateway-bridge-ipv6",
                Severity.WARNING,
                Facts.NETWORK,
                "network mynet has IPv6, and docker_gwbridge has not: its containers reach nothing outside by IPv6. Stop"
                        + " the containers that are in it, and exchange it: docker network rm docker_gwbridge && docker"
                        + " network create --ipv6 --subnet SUBNET"
                        + " -o com.docker.network.bridge.name=docker_gwbridge"
                        + " -o com.docker.network.bridge.enable_icc=false"
                        + " -o com.docker.network.bridge.enable_ip_masquerade=true docker_gwbridge");
        facts.gatewayBridge = List.of(Cidr.parse("10.224.0.1/16"), Cidr.parse("fd0e::1/64"));
        assertThat(facts.findings()).isEmpty();
    }

    @Test
    void a_kernel_that_is_too_old() {
        facts.versions = new Versions("0.1.0", "0.1.0", "5.2.21", 25);
        finds(
                "kernel-version",
                Severity.WARNING,
                "",
                "the kernel is 5.2.21, and before 5.3 one setting of br_netfilter holds for all network namespaces:"
                        + " Weft's and Docker's contradict each other. Upgrade the kernel.");
    }

    @Test
    void an_engine_that_is_too_new() {
        facts.engineVersion = "30.0.1";
        finds(
                "engine-version",
                Severity.WARNING,
                "",
                "Docker Engine is 30.0.1, and this Weft knows 20.10 to 29. Upgrade Weft.");
    }

    @Test
    void another_Java() {
        facts.versions = new Versions("0.1.0", "0.1.0", "6.1.0", 26);
        finds(
                "java-version",
                Severity.WARNING,
                "",
                "the agent runs on Java 26, and is tested with Java 25. Start it with that.");
    }

    @Test
    void a_command_of_another_version_than_the_agent() {
        facts.versions = new Versions("0.1.0", "0.2.0", "6.1.0", 25);
        finds(
                "cli-version",
                Severity.WARNING,
                "",
                "the agent is Weft 0.1.0, and this command is Weft 0.2.0. Restart the agent, or use the 'weft' that it"
                        + " was installed with.");
    }

    @Test
    void an_engine_that_does_not_answer() {
        facts.engine = new EngineFacts.Away("it is not there.");
        finds(
                "engine-away",
                Severity.WARNING,
                "",
                "the Docker API does not answer: it is not there. Calls of the engine are served; names and leaks are"
                        + " not seen meanwhile.");
    }

    @Test
    void without_the_Docker_API_nothing_is_said_of_it() {
        facts.engine = new EngineFacts.Unasked();
        assertThat(facts.findings()).isEmpty();
    }

    @Test
    void another_engine_than_the_one_on_record() {
        facts.knownEngine = "E0";
        finds(
                "another-engine",
                Severity.ERROR,
                "",
                "the engine's id is E1, and the networks on record are of engine E0: nothing that the engine lacks is"
                        + " removed. If it is the right one, run 'weft engine adopt'; if not, look which data folder it"
                        + " was started with.");
    }

    @Test
    void containers_that_the_engine_left_down() {
        facts.leftDown = List.of("container web was left down by the engine. Start it: docker start web");
        finds(
                "container-down",
                Severity.ERROR,
                "container web was left down by the engine. Start it: docker start web",
                "container web was left down by the engine. Start it: docker start web");
    }

    @Test
    void a_clock_that_was_put_back() {
        facts.tombstones = List.of(new Tombstone(
                Tombstone.Kind.NETWORK, "n", "old", "by docker network rm", Instant.parse("2027-01-01T00:00:00Z")));
        finds(
                "clock-back",
                Severity.WARNING,
                "",
                "the clock says 2026-11-25T04:00:00Z, and the state was written at 2027-01-01T00:00:00Z: it was wrong"
                        + " then or is now. Weft does not depend on it; times in its log do. Set it right (timedatectl).");
    }

    @Test
    void a_state_that_was_written_in_the_future() {
        facts.written = Instant.parse("2026-11-25T04:01:01Z");
        assertThat(facts.findings()).extracting(Finding::code).containsExactly("clock-back");
        facts.written = Instant.parse("2026-11-25T04:01:00Z");
        assertThat(facts.findings()).isEmpty();
    }

    @Test
    void a_state_that_is_damaged() {
        facts.damage = "the state in /var/lib/weft/weft.db is damaged: it is empty.";
        finds("state-damaged", Severity.ERROR, "", "the state in /var/lib/weft/weft.db is damaged: it is empty.");
    }

    @Test
    void a_disk_that_is_nearly_full() {
        facts.freeBytes = 12L << 20;
        finds(
                "disk-space",
                Severity.ERROR,
                "",
                "the file system of /var/lib/weft has 12 MiB free, and below 64 MiB calls of the engine may soon fail."
                        + " Make room there.");
    }

    @Test
    void a_socket_that_others_can_use() {
        facts.socketMode = "rw-rw-rw-";
        finds(
                "socket-permissions",
                Severity.WARNING,
                "/run/docker/plugins/weft.sock",
                "socket /run/docker/plugins/weft.sock has mode rw-rw-rw-: others than its owner may use it, and who does"
                        + " commands the host's network. Set it back: chmod 600 /run/docker/plugins/weft.sock");
    }

    @Test
    void a_socket_whose_file_is_gone() {
        facts.socketMode = null;
        finds(
                "socket-missing",
                Severity.ERROR,
                "/run/docker/plugins/weft.sock",
                "socket /run/docker/plugins/weft.sock is gone, though the agent listens on it: nobody finds it any more."
                        + " Restart the agent.");
    }

    @Test
    void errors_come_before_warnings() {
        facts.socketMode = null;
        facts.underlay = new Underlay("eth0", 1400, false);
        facts.damage = "damaged.";
        assertThat(facts.findings())
                .extracting(Finding::code)
                .containsExactly("socket-missing", "state-damaged", "mtu");
    }

    @Test
    void an_endpoint_without_the_engine_is_told_only_where_the_engine_has_its_network() {
        facts.engineNetworks = Set.of();
        facts.engineEndpoints = Set.of();
        facts.endpoints = List.of(new EndpointRecord(
                Facts.ENDPOINT, Facts.NETWORK, null, null, MacAddress.parse("02:42:0a:09:00:02"), Map.of()));
        assertThat(facts.findings()).extracting(Finding::code).containsExactly("engine-lacks-network");
    }
}
