package dev.weft.drivers.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a person may do to each kind of object, and which steps that is the concern of.
@Tag("kernel")
@DisplayNameGeneration(ReplaceUnderscores.class)
class DifferenceTest {
    private static final MacAddress MAC = MacAddress.parse("02:42:0a:01:00:02");
    private static final MacAddress HOST_MAC = MacAddress.parse("02:77:0a:01:00:01");

    private static final Plan ALL = Plan.of(
            new Step.CreateBridge("br-1", 1450, "weft network 1"),
            new Step.CreateVeth("vhost-1", "whost-1", HOST_MAC, 1450, "weft host 1", true),
            new Step.AttachPort("vhost-1", "br-1", 1450, false, "weft host 1"),
            new Step.AddStation("vhost-1", HOST_MAC),
            new Step.AddressHostEnd(
                    "whost-1",
                    HOST_MAC,
                    1450,
                    List.of(Cidr.parse("10.1.0.1/24"), Cidr.parse("fd01::1/64")),
                    "weft host 1"),
            new Step.CreateVeth("veth-1", "weft-1", MAC, 1450, "weft endpoint 1"),
            new Step.AttachPort("veth-1", "br-1", 1450, true, "weft endpoint 1"),
            new Step.AddStation("veth-1", MAC),
            new Step.LimitRate("veth-1", 10_000_000),
            new Step.CreateIfb("wifb-1", "weft endpoint 1"),
            new Step.LimitRate("wifb-1", 20_000_000),
            new Step.Redirect("veth-1", "wifb-1"));

    private TwoNamespaces namespaces;

    @BeforeEach
    void makeAll() throws Exception {
        namespaces = TwoNamespaces.make();
        assertThat(ALL.applyTo(namespaces.kernel)).isEqualTo(ALL.steps());
    }

    @AfterEach
    void close() {
        if (namespaces != null) {
            namespaces.close();
        }
    }

    @Test
    void what_was_just_made_is_as_wanted_and_making_it_again_changes_nothing() {
        assertThat(missing()).isEmpty();
        assertThat(ALL.applyTo(namespaces.kernel)).isEmpty();
    }

    private List<Step> missing() {
        return new Mending(namespaces.kernel, ALL).missing();
    }

    private void isSeenAndMended(String steps) {
        new Mending(namespaces.kernel, ALL).isSeenAndDone(steps);
    }

    @ParameterizedTest
    @CsvSource({
        "ip link del br-1, CreateBridge(br-1) AttachPort(vhost-1) AddStation(vhost-1) AttachPort(veth-1)"
                + " AddStation(veth-1)",
        "ip link set br-1 down, CreateBridge(br-1)",
        "ip link set br-1 mtu 1300, CreateBridge(br-1)",
        "ip link set br-1 alias '', CreateBridge(br-1)",
        "ip link set br-1 type bridge mcast_snooping 1, CreateBridge(br-1)",
        "ip link set br-1 type bridge stp_state 1, CreateBridge(br-1)",
        "ip link set br-1 type bridge ageing_time 100, CreateBridge(br-1)"
    })
    void a_bridge(String command, String steps) {
        namespaces.inFabric(command);
        isSeenAndMended(steps);
    }

    @ParameterizedTest
    @CsvSource({
        "ip link del veth-1, CreateVeth(veth-1) AttachPort(veth-1) AddStation(veth-1) LimitRate(veth-1)"
                + " Redirect(veth-1)",
        "ip link set veth-1 down, AttachPort(veth-1)",
        "ip link set veth-1 mtu 1300, AttachPort(veth-1)",
        "ip link set veth-1 alias '', AttachPort(veth-1)",
        "ip link set veth-1 nomaster, AttachPort(veth-1) AddStation(veth-1)",
        "bridge link set dev veth-1 isolated off, AttachPort(veth-1)",
        "bridge link set dev veth-1 learning off, AttachPort(veth-1)",
        "bridge link set dev veth-1 flood off, AttachPort(veth-1)",
        "bridge link set dev veth-1 mcast_flood off, AttachPort(veth-1)",
        "bridge link set dev veth-1 bcast_flood off, AttachPort(veth-1)",
        "bridge link set dev veth-1 hairpin on, AttachPort(veth-1)",
        "bridge link set dev veth-1 neigh_suppress on, AttachPort(veth-1)",
        "bridge link set dev veth-1 guard on, AttachPort(veth-1)"
    })
    void a_port(String command, String steps) {
        namespaces.inFabric(command);
        isSeenAndMended(steps);
    }

    @Test
    void a_port_that_has_gone_to_another_bridge() {
        namespaces.inFabric("ip link add other type bridge; ip link set veth-1 master other");
        isSeenAndMended("AttachPort(veth-1) AddStation(veth-1)");
    }

    @ParameterizedTest
    @CsvSource({
        "bridge fdb del 02:42:0a:01:00:02 dev veth-1 master, AddStation(veth-1)",
        "bridge fdb replace 02:42:0a:01:00:02 dev vhost-1 master static, AddStation(veth-1)"
    })
    void a_station(String command, String steps) {
        namespaces.inFabric(command);
        isSeenAndMended(steps);
    }

    @Test
    void a_station_that_ages() {
        namespaces.inHost("ip link set weft-1 up");
        namespaces.inFabric("until bridge link show dev veth-1 | grep -q forwarding; do sleep 0.1; done;"
                + " bridge fdb replace 02:42:0a:01:00:02 dev veth-1 master dynamic");
        isSeenAndMended("AddStation(veth-1)");
    }

    @ParameterizedTest
    @CsvSource({
        "tc qdisc del dev veth-1 root, LimitRate(veth-1)",
        "tc qdisc replace dev veth-1 root tbf rate 90mbit burst 16k latency 50ms, LimitRate(veth-1)",
        "tc qdisc replace dev veth-1 root tbf rate 10mbit burst 160k latency 50ms, LimitRate(veth-1)",
        "tc qdisc del dev veth-1 root; tc qdisc add dev veth-1 root pfifo, LimitRate(veth-1)",
        "tc qdisc del dev wifb-1 root, LimitRate(wifb-1)",
        "tc qdisc replace dev wifb-1 root tbf rate 90mbit burst 16k latency 50ms, LimitRate(wifb-1)",
        "tc qdisc del dev wifb-1 root; tc qdisc add dev wifb-1 root handle 7: htb, LimitRate(wifb-1)",
        "tc qdisc del dev veth-1 ingress, Redirect(veth-1)",
        "tc filter del dev veth-1 ingress, Redirect(veth-1)",
        "tc qdisc del dev veth-1 ingress; tc qdisc add dev veth-1 clsact, Redirect(veth-1)",
        "ip link del wifb-1, CreateIfb(wifb-1) LimitRate(wifb-1) Redirect(veth-1)",
        "ip link set wifb-1 down, CreateIfb(wifb-1)",
        "ip link set wifb-1 alias '', CreateIfb(wifb-1)"
    })
    void a_rate_limit(String command, String steps) {
        namespaces.inFabric(command);
        isSeenAndMended(steps);
    }

    @Test
    void a_redirection_that_leads_elsewhere() {
        namespaces.inFabric(
                "tc filter del dev veth-1 ingress; tc filter add dev veth-1 ingress pref 1 u32 match u32 0 0"
                        + " action mirred egress redirect dev vhost-1");
        isSeenAndMended("Redirect(veth-1)");
    }

    @ParameterizedTest
    @CsvSource({
        "ip link del whost-1, CreateVeth(vhost-1) AttachPort(vhost-1) AddStation(vhost-1) AddressHostEnd(whost-1)",
        "ip link set whost-1 down, AddressHostEnd(whost-1)",
        "ip link set whost-1 mtu 1300, AddressHostEnd(whost-1)",
        "ip link set whost-1 alias '', AddressHostEnd(whost-1)",
        "ip link set whost-1 address 02:00:00:00:00:99, AddressHostEnd(whost-1)",
        "ip addr del 10.1.0.1/24 dev whost-1, AddressHostEnd(whost-1)",
        "ip addr del fd01::1/64 dev whost-1, AddressHostEnd(whost-1)",
        "echo 1 > /proc/sys/net/ipv6/conf/whost-1/accept_ra, AddressHostEnd(whost-1)",
        "echo 1 > /proc/sys/net/ipv6/conf/whost-1/autoconf, AddressHostEnd(whost-1)",
        "echo 1 > /proc/sys/net/ipv6/conf/whost-1/disable_ipv6, AddressHostEnd(whost-1)",
        "ip link set whost-1 down; ip link set whost-1 name renamed, CreateVeth(vhost-1) AddressHostEnd(whost-1)"
    })
    void the_hosts_access(String command, String steps) {
        namespaces.inHost(command);
        isSeenAndMended(steps);
    }

    @Test
    void links_addresses_and_qdiscs_of_others_are_as_before_whatever_is_mended() {
        namespaces.inFabric(
                "ip link add mine type bridge; ip link add mine-1 master mine type veth peer mine-2;"
                        + " ip link add guest master br-1 type veth peer guest-2;"
                        + " tc qdisc add dev guest root pfifo limit 7; bridge fdb add 02:00:00:00:00:01 dev guest master static");
        namespaces.inHost("ip link add mine type bridge; ip addr add 192.0.2.1/24 dev mine;"
                + " ip addr add 192.0.2.9/32 dev whost-1");
        var before = foreign();
        Stream.of("ip link del veth-1", "ip link del wifb-1", "ip link set vhost-1 nomaster", "ip link set br-1 down")
                .forEach(namespaces::inFabric);
        namespaces.inHost("ip addr del 10.1.0.1/24 dev whost-1");
        ALL.applyTo(namespaces.kernel);
        assertThat(missing()).isEmpty();
        assertThat(foreign()).isEqualTo(before);
    }

    private String foreign() {
        return namespaces.inFabric("ip -d link show mine; ip -d link show mine-1; ip link show guest; tc qdisc show dev"
                        + " guest; bridge fdb show dev guest")
                + namespaces.inHost("ip -d addr show mine; ip -o addr show whost-1 | grep 192.0.2");
    }
}
