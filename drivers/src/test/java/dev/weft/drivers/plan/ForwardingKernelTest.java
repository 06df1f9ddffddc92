package dev.weft.drivers.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.drivers.plan.Step.Station;
import dev.weft.inet.MacAddress;
import dev.weft.inet.Vni;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A network beyond this host, in the running kernel.
@Tag("kernel")
@DisplayNameGeneration(ReplaceUnderscores.class)
class ForwardingKernelTest {
    private static final Step.CreateBridge BRIDGE = new Step.CreateBridge("br-1", 1450, "weft network 1");
    private static final Step.CreateVxlan DEVICE = device("10.0.0.1", 4789);
    private static final InetAddress SECOND = InetAddress.ofLiteral("10.0.0.2");
    private static final InetAddress THIRD = InetAddress.ofLiteral("10.0.0.3");

    private TwoNamespaces namespaces;
    private Kernel kernel;

    @BeforeEach
    void open() throws Exception {
        namespaces = TwoNamespaces.make();
        kernel = namespaces.kernel;
        namespaces.inHost("ip link set lo up; ip addr add 10.0.0.1/24 dev lo; ip addr add 10.0.0.9/24 dev lo;"
                + " ip addr add fd00::1/64 dev lo");
        namespaces.inFabric("for f in all default; do echo 1 >/proc/sys/net/ipv6/conf/$f/disable_ipv6; done");
    }

    @AfterEach
    void close() {
        if (namespaces != null) {
            namespaces.close();
        }
    }

    private static Step.CreateVxlan device(String local, int port) {
        return new Step.CreateVxlan(
                "vx-1", "br-1", new Vni(9_000_000), InetAddress.ofLiteral(local), port, 1450, false, "weft network 1");
    }

    private static Station station(int number, InetAddress host) {
        return new Station(
                MacAddress.parse("02:42:0a:01:00:0" + number),
                List.of(InetAddress.ofLiteral("10.1.0." + number), InetAddress.ofLiteral("fd01::" + number)),
                host);
    }

    private static Plan forwarding(List<Station> stations, InetAddress... flood) {
        return Plan.of(new Step.Forward("vx-1", "br-1", stations, List.of(flood)));
    }

    private List<String> fabric(String command) {
        return namespaces
                .inFabric(command)
                .lines()
                .map(line -> line.strip().replace(" link-netnsid 0", ""))
                .sorted()
                .toList();
    }

    private List<String> device() {
        return fabric("bridge fdb show dev vx-1 | grep -v '^[^0].* permanent' || :");
    }

    private List<String> neighbors() {
        return fabric("ip neigh show nud permanent");
    }

    @Test
    void the_device_has_its_socket_in_the_host_and_learns_nothing() {
        var plan = Plan.of(BRIDGE, DEVICE);
        assertThat(plan.applyTo(kernel)).containsExactly(BRIDGE, DEVICE);
        assertThat(plan.applyTo(kernel)).isEmpty();
        assertThat(namespaces.inFabric("ip -d link show vx-1"))
                .contains("vxlan id 9000000 local 10.0.0.1", "dstport 4789", "nolearning", "master br-1", "mtu 1450")
                .contains("neigh_suppress on", "learning off");
        assertThat(namespaces.inHost("ss -Hulnp")).contains(":4789");
        assertThat(namespaces.inFabric("ss -Hulnp")).doesNotContain(":4789");
        plan.undoIn(kernel);
        assertThat(namespaces.inFabric("ip link")).doesNotContain("vx-1");
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.9, 4789", "10.0.0.1, 4790", "fd00::1, 4789"})
    void another_address_or_port_of_the_host_makes_another_device(String local, int port) {
        Plan.of(BRIDGE, DEVICE).applyTo(kernel);
        var other = device(local, port);
        assertThat(Plan.of(BRIDGE, other).applyTo(kernel)).containsExactly(other);
        assertThat(namespaces.inFabric("ip -d link show vx-1")).contains("dstport " + port);
    }

    @Test
    void stations_come_move_and_go_and_nothing_else_stays() {
        Plan.of(BRIDGE, DEVICE).applyTo(kernel);
        var both = forwarding(List.of(station(2, SECOND), station(3, THIRD)), SECOND, THIRD);
        assertThat(both.applyTo(kernel)).hasSize(1);
        assertThat(both.applyTo(kernel)).isEmpty();
        assertThat(device())
                .containsExactly(
                        "00:00:00:00:00:00 dst 10.0.0.2 self permanent",
                        "00:00:00:00:00:00 dst 10.0.0.3 self permanent",
                        "02:42:0a:01:00:02 dst 10.0.0.2 self static",
                        "02:42:0a:01:00:02 extern_learn master br-1",
                        "02:42:0a:01:00:03 dst 10.0.0.3 self static",
                        "02:42:0a:01:00:03 extern_learn master br-1");
        assertThat(neighbors())
                .containsExactly(
                        "10.1.0.2 dev br-1 lladdr 02:42:0a:01:00:02 PERMANENT",
                        "10.1.0.3 dev br-1 lladdr 02:42:0a:01:00:03 PERMANENT",
                        "fd01::2 dev br-1 lladdr 02:42:0a:01:00:02 PERMANENT",
                        "fd01::3 dev br-1 lladdr 02:42:0a:01:00:03 PERMANENT");

        var moved = forwarding(List.of(station(2, THIRD)), THIRD);
        moved.applyTo(kernel);
        assertThat(device())
                .containsExactly(
                        "00:00:00:00:00:00 dst 10.0.0.3 self permanent",
                        "02:42:0a:01:00:02 dst 10.0.0.3 self static",
                        "02:42:0a:01:00:02 extern_learn master br-1");
        assertThat(neighbors()).hasSize(2).allMatch(line -> line.contains("02:42:0a:01:00:02"));

        forwarding(List.of()).applyTo(kernel);
        assertThat(device()).isEmpty();
        assertThat(neighbors()).isEmpty();
    }

    @Test
    void what_a_person_changes_is_seen_and_mended() {
        var stations = List.of(station(2, SECOND));
        var plan = Plan.of(BRIDGE, DEVICE).then(forwarding(stations, SECOND));
        plan.applyTo(kernel);
        var mending = new Mending(kernel, plan);
        for (var change : Map.of(
                        "bridge fdb del 02:42:0a:01:00:02 dev vx-1 self", "Forward(vx-1)",
                        "bridge fdb del 02:42:0a:01:00:02 dev vx-1 master", "Forward(vx-1)",
                        "bridge fdb replace 02:42:0a:01:00:02 dev vx-1 self static dst 10.0.0.3", "Forward(vx-1)",
                        "bridge fdb append 00:00:00:00:00:00 dev vx-1 self permanent dst 10.0.0.7", "Forward(vx-1)",
                        "ip neigh replace 10.1.0.2 lladdr 02:00:00:00:00:01 dev br-1 nud permanent", "Forward(vx-1)",
                        "ip neigh add 10.1.0.66 lladdr 02:00:00:00:00:01 dev br-1 nud permanent", "Forward(vx-1)",
                        "bridge link set dev vx-1 learning on", "CreateVxlan(vx-1)",
                        "ip link set vx-1 nomaster", "CreateVxlan(vx-1) Forward(vx-1)",
                        "ip link del vx-1", "CreateVxlan(vx-1) Forward(vx-1)")
                .entrySet()) {
            namespaces.inFabric(change.getKey());
            mending.isSeenAndDone(change.getValue());
        }
    }
}
