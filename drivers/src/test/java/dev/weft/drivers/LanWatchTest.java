package dev.weft.drivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.drivers.lan.LanModes;
import dev.weft.drivers.neighbors.Conflict;
import dev.weft.drivers.neighbors.Probe;
import dev.weft.drivers.neighbors.Sighting;
import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.netlink.NetlinkException;
import dev.weft.netlink.NetworkNamespace;
import dev.weft.plugin.Refusal;
import dev.weft.state.EndpointRecord;
import dev.weft.state.NetworkRecord;
import dev.weft.state.Registry;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LanWatchTest {
    private static final MacAddress MAC = MacAddress.parse("02:42:0a:01:00:02");
    private static final MacAddress PRINTER = MacAddress.parse("02:00:00:00:00:77");
    private static final InetAddress IPV4 = InetAddress.ofLiteral("10.1.0.2");
    private static final InetAddress IPV6 = InetAddress.ofLiteral("fd01::2");

    private final HeardNeighbors neighbors = new HeardNeighbors();

    @TempDir
    Path folder;

    private Registry registry;
    private LanWatch watch;

    @BeforeEach
    void open() {
        registry = Registry.open(folder);
        watch = new LanWatch(registry, LanModes.both(), neighbors);
    }

    /// A link that cannot be asked, as in a sandbox without packet sockets.
    @Test
    void a_host_that_cannot_ask_gives_the_address() {
        var mute = new HeardNeighbors() {
            @Override
            public Optional<Conflict> probe(String link, List<InetAddress> addresses, Probe kind) {
                throw refusal();
            }
        };
        var network = network("lan", "macvlan", "parent=eth0");
        assertThatCode(() -> new LanWatch(registry, LanModes.both(), mute).check(network, List.of(IPV4)))
                .doesNotThrowAnyException();
    }

    private static NetlinkException refusal() {
        try (var none = NetworkNamespace.at(Path.of("/in/no/namespace"))) {
            throw new AssertionError(none);
        } catch (NetlinkException refusal) {
            return refusal;
        }
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private NetworkRecord network(String name, String mode, String... options) {
        var raw = new TreeMap<>(Map.of("mode", mode));
        for (var option : options) {
            raw.put(option.substring(0, option.indexOf('=')), option.substring(option.indexOf('=') + 1));
        }
        var network = new NetworkRecord("id-" + name, name, mode, 1500, false, List.of(), raw);
        registry.put(network);
        return network;
    }

    private EndpointRecord endpoint(String id, NetworkRecord network, @Nullable String ipv4, @Nullable String ipv6) {
        var endpoint = new EndpointRecord(
                id,
                network.id(),
                ipv4 == null ? null : Cidr.parse(ipv4),
                ipv6 == null ? null : Cidr.parse(ipv6),
                MAC,
                Map.of());
        registry.put(endpoint.of("web"));
        return endpoint;
    }

    @Test
    void an_address_that_a_machine_on_the_LAN_has_is_refused_with_the_machines_MAC_address() {
        neighbors.holders.put(IPV6, PRINTER);
        var network = network("lan", "macvlan", "parent=eth0.20", "probe=rfc");
        assertThatThrownBy(() -> watch.check(network, List.of(IPV4, IPV6)))
                .isInstanceOf(Refusal.class)
                .hasMessage("cannot connect the container: address fd01::2 is in use on the LAN by 02:00:00:00:00:77"
                        + " (seen on eth0.20); choose another --ip6, or give that machine another address.");
        assertThat(neighbors.asked)
                .containsExactly(new HeardNeighbors.Asked("eth0.20", List.of(IPV4, IPV6), Probe.RFC));
    }

    @Test
    void nobody_is_asked_where_probing_is_off_or_there_is_no_LAN() {
        neighbors.holders.put(IPV4, PRINTER);
        watch.check(network("off", "macvlan", "parent=eth0", "probe=off"), List.of(IPV4));
        watch.check(network("passthru", "macvlan", "parent=jumbo", "macvlan_mode=passthru"), List.of(IPV4));
        watch.check(network("alone", "ipvlan"), List.of(IPV4));
        watch.check(network("routed", "ipvlan", "parent=ppp0", "ipvlan_mode=l3"), List.of(IPV4));
        assertThat(neighbors.asked).isEmpty();
    }

    @Test
    void an_address_in_another_network_on_the_same_parent_is_refused_though_the_parent_does_not_hear_it() {
        for (var probe : List.of("fast", "off")) {
            var other = network("other", "macvlan", "parent=eth0", "probe=" + probe);
            endpoint("e1", other, "10.1.0.2/24", null);
            assertThatThrownBy(() -> watch.check(network("lan", "macvlan", "parent=eth0"), List.of(IPV6, IPV4)))
                    .as(probe)
                    .isInstanceOf(Refusal.class)
                    .hasMessage("cannot connect the container: address 10.1.0.2 is held by container web of network"
                            + " other, which is on the same parent eth0; choose another.");
        }
        assertThat(neighbors.asked).isEmpty();
    }

    @Test
    void an_address_in_the_same_network_or_on_another_parent_is_no_matter_of_the_LANs() {
        var network = network("lan", "macvlan", "parent=eth0");
        endpoint("e1", network, "10.1.0.2/24", null);
        endpoint("e2", network("elsewhere", "macvlan", "parent=eth0.20"), "10.1.0.2/24", null);
        endpoint("e3", network("alone", "macvlan"), "10.1.0.2/24", null);
        watch.check(network, List.of(IPV4));
        assertThat(neighbors.asked).containsExactly(new HeardNeighbors.Asked("eth0", List.of(IPV4), Probe.FAST));
    }

    @Test
    void endpoints_are_announced_where_there_is_a_LAN_as_often_as_the_network_says() {
        var network = network("lan", "macvlan", "parent=eth0", "com.docker.network.advertise_addr_nmsgs=2");
        var endpoint = endpoint("e1", network, "10.1.0.2/24", "fd01::2/64");
        watch.announce(network, endpoint, "/run/netns/1");
        assertThat(neighbors.announced).singleElement().satisfies(announcement -> {
            assertThat(announcement.sandbox()).isEqualTo(Path.of("/run/netns/1"));
            assertThat(announcement.alias()).isEqualTo("weft endpoint e1");
            assertThat(announcement.addresses()).containsExactly(IPV4, IPV6);
            assertThat(announcement.options().count()).isEqualTo(2);
        });
        watch.announce(
                network("silent", "macvlan", "parent=eth0", "com.docker.network.advertise_addr_nmsgs=0"),
                endpoint,
                "/run/netns/1");
        watch.announce(network("alone", "macvlan"), endpoint, "/run/netns/1");
        assertThat(neighbors.announced).hasSize(1);
    }

    @Test
    void what_is_listened_for_are_the_addresses_of_all_endpoints_on_a_link_with_all_that_may_claim_them() {
        var first = network("first", "macvlan", "parent=eth0");
        endpoint("e1", first, "10.1.0.2/24", "fd01::2/64");
        var second = network("second", "macvlan", "parent=eth0", "probe=rfc");
        registry.put(new EndpointRecord(
                "e2", second.id(), Cidr.parse("10.1.0.2/24"), null, MacAddress.parse("02:42:0a:01:00:09"), Map.of()));
        endpoint("e3", network("off", "macvlan", "parent=jumbo", "probe=off"), "10.3.0.2/24", null);
        endpoint("e4", network("alone", "ipvlan"), "10.4.0.2/24", null);
        network("empty", "ipvlan", "parent=ppp0");
        watch.listen();
        assertThat(neighbors.watched)
                .isEqualTo(Map.of(
                        "eth0", Map.of(IPV4, Set.of(MAC, MacAddress.parse("02:42:0a:01:00:09")), IPV6, Set.of(MAC))));
    }

    @Test
    void what_was_heard_is_a_problem_that_names_both_holders() {
        endpoint("e1", network("lan", "macvlan", "parent=eth0"), "10.1.0.2/24", null);
        neighbors.sightings.add(new Sighting(new Conflict(IPV4, PRINTER, "eth0"), Instant.EPOCH));
        neighbors.sightings.add(new Sighting(new Conflict(IPV6, PRINTER, "eth0"), Instant.EPOCH));
        var heard = " in use on the LAN by 02:00:00:00:00:77 (seen on eth0); choose another ";
        assertThat(watch.problems())
                .containsExactlyInAnyOrder(
                        "the address of container web is taken twice: address 10.1.0.2 is" + heard
                                + "--ip, or give that machine another address",
                        "the address of a container is taken twice: address fd01::2 is" + heard
                                + "--ip6, or give that machine another address");
    }
}
