package dev.weft.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.inet.Subnet;
import dev.weft.inet.Vni;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Addresses, routes, neighbors and FDB entries, read back with our code and with ip(8) and bridge(8).
@Tag("kernel")
@DisplayNameGeneration(ReplaceUnderscores.class)
class TablesKernelTest {
    private static final MacAddress SEVEN = MacAddress.parse("02:00:00:00:00:07");

    @RegisterExtension
    private final TestNamespaces namespaces = new TestNamespaces();

    /// A veth, both ends up.
    private static int cable(Netlink netlink) {
        netlink.add(LinkSpec.of("c0", new Veth(LinkSpec.peer("p0").up())).up());
        return netlink.link("c0").orElseThrow().index();
    }

    @Test
    void addresses_of_both_versions_come_and_go() {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here)) {
            int index = cable(netlink);
            var ipv4 = Address.of(index, Cidr.parse("10.1.0.1/24"));
            var ipv6 = Address.of(index, Cidr.parse("fd00::1/64")).withoutDuplicateDetection();
            netlink.addAddress(ipv4);
            netlink.addAddress(ipv6);
            assertThat(netlink.addresses()).contains(ipv4, ipv6);
            assertThat(TestNamespaces.run(here, "ip", "-j", "addr", "show", "dev", "c0"))
                    .contains(
                            "\"local\":\"10.1.0.1\",\"prefixlen\":24,\"broadcast\":\"10.1.0.255\"",
                            "\"local\":\"fd00::1\",\"prefixlen\":64");
            assertThatThrownBy(() -> netlink.addAddress(ipv4))
                    .hasMessageStartingWith(
                            "cannot add address 10.1.0.1/24 on link " + index + ": File exists (EEXIST)");
            netlink.deleteAddress(ipv4);
            netlink.deleteAddress(ipv6);
            assertThat(netlink.addresses()).doesNotContain(ipv4, ipv6);
            assertThatThrownBy(() -> netlink.deleteAddress(ipv4))
                    .hasMessageContaining("Cannot assign requested address (EADDRNOTAVAIL)");
        }
    }

    @Test
    void an_IPv4_address_has_the_broadcast_address_of_its_subnet_where_that_has_room_for_one() {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here)) {
            int index = cable(netlink);
            for (var address : new String[] {"10.1.0.1/30", "10.2.0.1/31", "10.3.0.1/32", "10.4.0.1/9"}) {
                netlink.addAddress(Address.of(index, Cidr.parse(address)));
            }
            assertThat(TestNamespaces.run(here, "ip", "-o", "-4", "addr", "show", "dev", "c0"))
                    .contains("10.1.0.1/30 brd 10.1.0.3 ", "10.2.0.1/31 scope", "10.3.0.1/32 scope")
                    .contains("10.4.0.1/9 brd 10.127.255.255 ");
        }
    }

    @Test
    void routes_of_both_versions_come_and_go() {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here)) {
            int index = cable(netlink);
            netlink.addAddress(Address.of(index, Cidr.parse("10.1.0.1/24")));
            netlink.addAddress(Address.of(index, Cidr.parse("fd00::1/64")).withoutDuplicateDetection());
            var routes = List.of(
                    Route.via(ip("10.1.0.254"), Subnet.parse("0.0.0.0/0"), index),
                    Route.direct(Subnet.parse("10.3.0.0/16"), index)
                            .source(ip("10.1.0.1"))
                            .metric(50),
                    Route.via(ip("192.168.9.9"), Subnet.parse("10.4.0.0/16"), index)
                            .reachableOnLink()
                            .table(1000),
                    Route.refusing(Route.Type.BLACKHOLE, Subnet.parse("10.9.0.0/16")),
                    Route.via(ip("fd00::fe"), Subnet.parse("::/0"), index).metric(1024),
                    Route.direct(Subnet.parse("fd09::/16"), index).metric(5));
            routes.forEach(netlink::addRoute);
            assertThat(netlink.routes()).containsAll(routes);
            assertThat(TestNamespaces.run(here, "ip", "-4", "-j", "route", "show", "table", "all"))
                    .contains(
                            "\"dst\":\"default\",\"gateway\":\"10.1.0.254\",\"dev\":\"c0\",\"protocol\":\"static\"",
                            "\"type\":\"blackhole\",\"dst\":\"10.9.0.0/16\"",
                            "\"dst\":\"10.3.0.0/16\",\"dev\":\"c0\",\"protocol\":\"static\",\"scope\":\"link\","
                                    + "\"prefsrc\":\"10.1.0.1\",\"metric\":50",
                            "\"dst\":\"10.4.0.0/16\",\"gateway\":\"192.168.9.9\",\"dev\":\"c0\",\"table\":\"1000\"");
            assertThat(TestNamespaces.run(here, "ip", "-6", "-j", "route", "show"))
                    .contains("\"dst\":\"default\",\"gateway\":\"fd00::fe\"", "\"dst\":\"fd09::/16\"");
            assertThatThrownBy(() -> netlink.addRoute(routes.getFirst()))
                    .hasMessage(
                            "cannot add route 0.0.0.0/0 via 10.1.0.254 on link " + index + ": File exists (EEXIST)");
            var replaced = Route.via(ip("10.1.0.253"), Subnet.parse("0.0.0.0/0"), index);
            netlink.send(Request.replaceRoute(replaced));
            assertThat(netlink.routes()).contains(replaced).doesNotContain(routes.getFirst());
            netlink.deleteRoute(replaced);
            routes.subList(1, routes.size()).forEach(netlink::deleteRoute);
            assertThat(netlink.routes()).doesNotContainAnyElementsOf(routes).doesNotContain(replaced);
            assertThatThrownBy(() -> netlink.deleteRoute(replaced)).hasMessageContaining("(ESRCH)");
        }
    }

    @Test
    void permanent_neighbors_of_both_versions_come_and_go() {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here)) {
            int index = cable(netlink);
            var ipv4 = Neighbor.permanent(index, ip("10.1.0.7"), SEVEN);
            var ipv6 = Neighbor.permanent(index, ip("fd00::7"), SEVEN);
            netlink.addNeighbor(ipv4);
            netlink.addNeighbor(ipv6);
            assertThat(netlink.neighbors()).contains(ipv4, ipv6);
            assertThat(TestNamespaces.run(here, "ip", "-j", "neigh", "show"))
                    .contains(
                            "\"dst\":\"10.1.0.7\",\"dev\":\"c0\",\"lladdr\":\"02:00:00:00:00:07\",\"state\":[\"PERMANENT\"]",
                            "\"dst\":\"fd00::7\",\"dev\":\"c0\",\"lladdr\":\"02:00:00:00:00:07\",\"state\":[\"PERMANENT\"]");
            assertThatThrownBy(() -> netlink.addNeighbor(ipv4)).hasMessageContaining("File exists (EEXIST)");
            var moved = Neighbor.permanent(index, ip("10.1.0.7"), MacAddress.parse("02:00:00:00:00:08"));
            netlink.send(Request.replaceNeighbor(moved));
            assertThat(netlink.neighbors()).contains(moved).doesNotContain(ipv4);
            netlink.deleteNeighbor(moved);
            netlink.deleteNeighbor(ipv6);
            assertThat(netlink.neighbors()).doesNotContain(moved, ipv6);
            assertThatThrownBy(() -> netlink.deleteNeighbor(moved)).hasMessageContaining("(ENOENT)");
        }
    }

    @Test
    void FDB_entries_of_a_VXLAN_device_and_of_its_bridge_come_and_go() {
        try (var here = namespaces.create();
                var netlink = Netlink.open(here)) {
            netlink.add(LinkSpec.of("br0", Bridge.defaults()).up());
            int bridge = netlink.link("br0").orElseThrow().index();
            netlink.add(LinkSpec.of("vx0", Vxlan.of(new Vni(9)).learning(false))
                    .master(bridge)
                    .up());
            int index = netlink.link("vx0").orElseThrow().index();
            var tunnel = FdbEntry.tunnel(index, SEVEN, ip("10.0.0.2"));
            var external = FdbEntry.tunnel(index, MacAddress.parse("02:00:00:00:00:17"), ip("10.0.0.2"))
                    .externallyLearned();
            var port = FdbEntry.port(index, SEVEN).externallyLearned();
            var fixed = FdbEntry.port(index, MacAddress.parse("02:00:00:00:00:27"));
            var one = FdbEntry.flood(index, ip("10.0.0.2"));
            var two = FdbEntry.flood(index, ip("10.0.0.3"));
            netlink.addFdb(tunnel);
            netlink.addFdb(external);
            netlink.addFdb(port);
            netlink.addFdb(fixed);
            netlink.send(List.of(Request.appendFdb(one), Request.appendFdb(two)));
            assertThat(netlink.fdb()).contains(tunnel, external, port, fixed, one, two);
            assertThat(netlink.fdb(index)).contains(tunnel, external, port, fixed, one, two);
            assertThat(netlink.fdb(bridge)).doesNotContain(tunnel, port);
            String shown = TestNamespaces.run(here, "bridge", "fdb", "show", "dev", "vx0");
            assertThat(shown)
                    .contains(
                            "02:00:00:00:00:07 dst 10.0.0.2 self static",
                            "02:00:00:00:00:07 extern_learn master br0",
                            "02:00:00:00:00:27 master br0 static",
                            "02:00:00:00:00:17 dst 10.0.0.2 self extern_learn static",
                            "00:00:00:00:00:00 dst 10.0.0.2 self permanent",
                            "00:00:00:00:00:00 dst 10.0.0.3 self permanent");
            assertThatThrownBy(() -> netlink.addFdb(tunnel))
                    .hasMessage("cannot add FDB entry 02:00:00:00:00:07 to 10.0.0.2 on link " + index
                            + " (self): File exists (EEXIST)");
            var moved = FdbEntry.tunnel(index, SEVEN, ip("10.0.0.9"));
            netlink.send(Request.replaceFdb(moved));
            assertThat(netlink.fdb(index)).contains(moved).doesNotContain(tunnel);
            netlink.deleteFdb(one);
            assertThat(netlink.fdb(index)).contains(two).doesNotContain(one);
            List.of(moved, external, port, fixed, two).forEach(netlink::deleteFdb);
            assertThat(netlink.fdb(index)).doesNotContain(moved, external, port, fixed, two);
            assertThatThrownBy(() -> netlink.deleteFdb(moved)).hasMessageContaining("(ENOENT)");
        }
    }

    private static InetAddress ip(String text) {
        return InetAddress.ofLiteral(text);
    }
}
