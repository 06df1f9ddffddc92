package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every kind of object of a network with all options, deleted and altered by hand under traffic: afterwards all is as
/// it was, and nobody else has noticed.
@Tag("system")
@DockerHosts(1)
@DisplayNameGeneration(ReplaceUnderscores.class)
class S221RepairsTest {
    /// What a person does to what concerns the container `one` alone, as shell commands in the fabric.
    private static final List<String> TO_ONE = List.of(
            "ip link del PORT",
            "ip link set PORT down",
            "ip link set PORT nomaster",
            "ip link set PORT mtu 1300",
            "ip link set PORT alias ''",
            "bridge link set dev PORT isolated on",
            "bridge link set dev PORT learning off flood off mcast_flood off bcast_flood off",
            "bridge link set dev PORT hairpin on",
            "bridge fdb del MAC dev PORT master",
            "bridge fdb replace MAC dev VHOST master static sticky",
            "bridge fdb del MAC dev PORT master; bridge fdb add MAC dev PORT master dynamic",
            "tc qdisc del dev PORT root",
            "tc qdisc replace dev PORT root tbf rate 1mbit burst 16k latency 50ms",
            "tc qdisc del dev PORT root; tc qdisc add dev PORT root pfifo",
            "tc qdisc del dev IFB root",
            "tc qdisc replace dev IFB root tbf rate 1mbit burst 16k latency 50ms",
            "tc qdisc del dev PORT ingress",
            "tc filter del dev PORT ingress",
            "tc filter del dev PORT ingress; tc filter add dev PORT ingress pref 1 u32 match u32 0 0"
                    + " action mirred egress redirect dev VHOST",
            "ip link set IFB down",
            "ip link set IFB alias ''",
            "ip link del IFB");

    /// As above, in the sandbox of `one`.
    private static final List<String> IN_ONE = List.of("ip link del eth0");

    /// What concerns the host's own access, in the fabric.
    private static final List<String> TO_HOSTS_PORT =
            List.of("ip link del VHOST", "ip link set VHOST nomaster", "bridge fdb del HMAC dev VHOST master");

    /// As above, in the host.
    private static final List<String> TO_HOSTS_END = List.of(
            "ip link del WHOST",
            "ip link set WHOST down",
            "ip link set WHOST mtu 1300",
            "ip link set WHOST address 02:00:00:00:00:98",
            "ip link set WHOST down; ip link set WHOST name away",
            "ip addr del 10.61.0.1/24 dev WHOST",
            "ip addr del fd00:61::1/64 dev WHOST");

    /// What keeps packets in the network flowing, in the fabric.
    private static final List<String> TO_BRIDGE = List.of(
            "ip link set BRIDGE mtu 1300",
            "ip link set BRIDGE alias ''",
            "ip link set BRIDGE type bridge mcast_snooping 1",
            "ip link set BRIDGE type bridge ageing_time 100");

    /// What stops all packets in the network, in the fabric.
    private static final List<String> TO_NETWORK =
            List.of("ip link del BRIDGE", "ip link set BRIDGE down", "ip link set BRIDGE type bridge stp_state 1");

    private static final String IN_FABRIC = "ip netns exec weft sh -ec '%s'";

    private Host host;
    private Containers containers;
    private PingStream beside;
    private PingStream elsewhere;
    private String pid;
    private List<String[]> words;
    private String before;
    private String foreign;
    private String notMended = "";

    /// In milliseconds, with what it costs to see it.
    private long slowest;

    @BeforeAll
    static void startAgent(Host host) {
        host.startAgent();
    }

    @BeforeEach
    void twoNetworksUnderTraffic(Host host) {
        this.host = host;
        containers = new Containers(host);
        create(
                "all",
                "61",
                "-o",
                "host_access=true",
                "-o",
                "ingress_rate=50mbit",
                "-o",
                "egress_rate=20mbit",
                "-o",
                "routes=10.63.0.0/24 via 10.61.0.9, fd00:63::/64 via fd00:61::9");
        create("else", "62");
        List.of("one", "two", "three").forEach(name -> containers.run(name, "all"));
        List.of("four", "five").forEach(name -> containers.run(name, "else"));
        makeForeignObjects();
        beside = PingStream.start(host, "two", containers.address("three", "all"));
        elsewhere = PingStream.start(host, "four", containers.address("five", "else"));
        pid = host.docker("inspect", "-f", "{{.State.Pid}}", "one").ok().text();
        words = words();
        Eventually.isTrue("all addresses are settled", () -> !seen().contains("tentative"));
        before = seen();
        foreign = foreign();
    }

    private void create(String name, String number, String... options) {
        var command = Stream.concat(
                Stream.of(
                        "network",
                        "create",
                        "-d",
                        "weft",
                        "--internal",
                        "--ipv6",
                        "--subnet",
                        "10." + number + ".0.0/24",
                        "--gateway",
                        "10." + number + ".0.1",
                        "--subnet",
                        "fd00:" + number + "::/64",
                        "--gateway",
                        "fd00:" + number + "::1"),
                Stream.concat(Stream.of(options), Stream.of(name)));
        host.docker(command.toArray(String[]::new)).ok();
    }

    private void makeForeignObjects() {
        var make = "ip link add mine up type bridge; ip link add mine-1 up master mine type veth peer mine-2;"
                + " bridge fdb add 02:00:00:00:00:99 dev mine-1 master static; ip link set mine-1 alias mine;"
                + " tc qdisc add dev mine-1 root pfifo limit 7; tc qdisc add dev mine-1 ingress;"
                + " tc filter add dev mine-1 ingress pref 1 u32 match u32 0 0 action mirred egress redirect dev mine-2";
        host.sh(IN_FABRIC.formatted(make)).ok();
        host.sh(make + "; ip addr add 192.0.2.1/24 dev mine").ok();
        host.sh(IN_FABRIC.formatted("bridge fdb add 02:00:00:00:00:99 dev " + port("four", "else") + " master static"))
                .ok();
    }

    @AfterEach
    void removeForeignObjects() {
        System.out.println("repairs: the slowest was seen after " + slowest + " ms");
        Stream.of(beside, elsewhere).forEach(PingStream::close);
        var remove = "ip link del mine; ip link del mine-1";
        host.sh(remove).ok();
        host.sh(IN_FABRIC.formatted(remove)).ok();
    }

    private String port(String container, String network) {
        return "veth-" + containers.endpoint(container, network).substring(0, 10);
    }

    private List<String[]> words() {
        var network = containers.networkId("all");
        var port = port("one", "all");
        return List.of(
                new String[] {"BRIDGE", "br-" + network.substring(0, 12)},
                new String[] {"VHOST", "vhost-" + network.substring(0, 9)},
                new String[] {"WHOST", "whost-" + network.substring(0, 9)},
                new String[] {"PORT", port},
                new String[] {"IFB", port.replace("veth", "wifb")},
                new String[] {"HMAC", "02:77:0a:3d:00:01"},
                new String[] {"MAC", "02:42:0a:3d:00:02"});
    }

    private String named(String text) {
        for (var word : words) {
            text = text.replace(word[0], word[1]);
        }
        return text;
    }

    /// For between single quotes.
    private String quoted(String command) {
        return named(command).replace("'", "'\\''");
    }

    private void inFabric(String command) {
        host.sh(IN_FABRIC.formatted(quoted(command))).ok();
    }

    /// All that there is of the network and the container, but for what the kernel numbers or makes up itself.
    private String seen() {
        var fabric = host.sh(named("ip netns exec weft sh -c '"
                        + "for l in BRIDGE PORT VHOST IFB; do ip -d -o link show $l; tc qdisc show dev $l; done;"
                        + " bridge fdb show br BRIDGE | grep static | sort; tc filter show dev PORT ingress'"))
                .out()
                .replaceAll("link/ether \\S+", "");
        var elsewhere = host.sh(named("ip -d -o addr show WHOST; ip route show dev WHOST; ip -6 route show dev WHOST;"
                        + " nsenter -t " + pid + " -n sh -c 'ip -d -o addr; ip route; ip -6 route'"))
                .out();
        return (fabric + elsewhere)
                .replaceAll("(?m)^\\d+: ", "")
                .replaceAll("@\\w+", "")
                .replaceAll(
                        "link-netns(id)? \\S+|\\b(bridge_id|designated_\\w+|port_(id|no)) \\S+|\\w+_timer +\\S+", "")
                .replaceAll("topology_change\\w* \\d", "")
                .replaceAll("qdisc (\\w+) \\w+:", "qdisc $1")
                .replaceAll("\\bindex \\d+ ref", "ref");
    }

    private String foreign() {
        var show = "for l in mine mine-1; do ip -d -j link show $l; bridge -j fdb show dev $l; tc -j qdisc show dev $l;"
                + " done; tc -j filter show dev mine-1 ingress";
        return (host.sh(show + "; ip -j addr show mine").ok().out()
                        + host.sh(IN_FABRIC.formatted(show + "; bridge -j fdb show dev " + port("four", "else")))
                                .ok()
                                .out())
                .replaceAll("\"\\w+_timer\":[0-9.]+|\"tentative\":true,", "");
    }

    private void isMended(long log) {
        var start = Instant.now();
        Eventually.isTrue(
                "the log tells of a repair", () -> host.agentLogSince(log).contains("repaired: "));
        Eventually.isEqual(this::seen, before);
        slowest = Math.max(slowest, Duration.between(start, Instant.now()).toMillis());
    }

    private Stream<DynamicTest> altered(List<String> commands, String where, boolean wholeNetwork) {
        return commands.stream()
                .map(command -> dynamicTest(command, () -> {
                    assertThat(notMended)
                            .as("an earlier alteration was not mended")
                            .isEmpty();
                    notMended = command;
                    long log = host.agentLogMark();
                    host.sh(where.formatted(quoted(command))).ok();
                    isMended(log);
                    notMended = "";
                    if (wholeNetwork) {
                        beside.beginAnew();
                    }
                    beside.isWhole();
                    elsewhere.isWhole();
                    assertThat(foreign()).isEqualTo(foreign);
                }));
    }

    @TestFactory
    Stream<DynamicTest> whatever_is_altered_is_mended_and_nobody_else_notices() {
        return Stream.of(
                        altered(TO_ONE, IN_FABRIC, false),
                        altered(IN_ONE, "nsenter -t " + pid + " -n %s", false),
                        altered(TO_HOSTS_PORT, IN_FABRIC, false),
                        altered(TO_HOSTS_END, "sh -ec '%s'", false),
                        altered(TO_BRIDGE, IN_FABRIC, false),
                        altered(TO_NETWORK, IN_FABRIC, true))
                .flatMap(tests -> tests);
    }

    @Test
    void what_is_altered_while_no_agent_runs_or_as_it_dies_is_mended_by_the_next() throws InterruptedException {
        host.killAgent();
        inFabric("ip link del PORT; ip link del VHOST; ip link del IFB");
        long log = host.agentLogMark();
        host.startAgent();
        isMended(log);
        for (int pause = 200; pause < 320; pause += 30) {
            inFabric("ip link del PORT; ip link del IFB; ip link set VHOST nomaster");
            Thread.sleep(pause); // about when the agent has begun to mend
            host.killAgent();
            host.startAgent();
            Eventually.isEqual(this::seen, before);
        }
        beside.isWhole();
        elsewhere.isWhole();
        assertThat(foreign()).isEqualTo(foreign);
    }
}
