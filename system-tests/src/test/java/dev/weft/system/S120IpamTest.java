package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import dev.weft.lab.Result;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Addresses from Weft's own IPAM driver. Engine 28.5 takes none for a gateway that nobody named (GwAllocCheck).
@Tag("system")
@DockerHosts(value = 1, engine = "28.5")
@DisplayNameGeneration(ReplaceUnderscores.class)
class S120IpamTest {
    private Containers containers;

    @BeforeEach
    void agentRuns(Host host) {
        containers = new Containers(host);
        if (!host.agentRuns()) {
            host.startAgent();
        }
    }

    private static Result create(Host host, String name, String... options) {
        var command = new ArrayList<>(List.of("network", "create", "-d", "weft", "--ipam-driver", "weft"));
        command.addAll(List.of(options));
        command.add(name);
        return host.docker(command.toArray(String[]::new));
    }

    /// Without quotation marks.
    private static String config(Host host, String network) {
        return host.docker("network", "inspect", "-f", "{{json .IPAM.Config}}", network)
                .ok()
                .text()
                .replace("\"", "");
    }

    private static String ipv6(Host host, String container, String network) {
        var template = "{{with index .NetworkSettings.Networks \"" + network + "\"}}{{.GlobalIPv6Address}}{{end}}";
        return host.docker("inspect", "-f", template, container).ok().text();
    }

    @Test
    void networks_get_subnets_of_the_ranges_and_containers_find_each_other(Host host) {
        create(host, "mynet").ok();
        create(host, "other").ok();
        create(host, "small", "--ipam-opt", "prefix_length=28").ok();
        assertThat(config(host, "mynet")).isEqualTo("[{Subnet:10.192.0.0/24}]");
        assertThat(config(host, "other")).startsWith("[{Subnet:10.192.1.0/24");
        assertThat(config(host, "small")).startsWith("[{Subnet:10.192.2.0/28");
        containers.run("one", "mynet");
        containers.run("two", "mynet");
        assertThat(containers.address("one", "mynet")).isEqualTo("10.192.0.1");
        assertThat(containers.address("two", "mynet")).isEqualTo("10.192.0.2");
        containers.ping("one", "two");
        host.docker("restart", "-t", "0", "one").ok();
        assertThat(containers.address("one", "mynet")).isEqualTo("10.192.0.3");
    }

    @Test
    void a_subnet_that_the_host_has_a_route_to_is_not_chosen(Host host) {
        host.sh("ip route add blackhole 10.192.0.128/25").ok();
        try {
            create(host, "mynet").ok();
            assertThat(config(host, "mynet")).startsWith("[{Subnet:10.192.1.0/24");
        } finally {
            host.sh("ip route del blackhole 10.192.0.128/25").ok();
        }
    }

    @Test
    void subnet_range_gateway_and_auxiliary_addresses_are_as_asked_for(Host host) {
        create(
                        host,
                        "mynet",
                        "--subnet",
                        "10.50.0.0/16",
                        "--ip-range",
                        "10.50.8.0/24",
                        "--gateway",
                        "10.50.0.254",
                        "--aux-address",
                        "r1=10.50.8.1",
                        "--aux-address",
                        "r2=10.50.8.2")
                .ok();
        assertThat(config(host, "mynet"))
                .isEqualTo(
                        "[{Subnet:10.50.0.0/16,IPRange:10.50.8.0/24,Gateway:10.50.0.254,AuxiliaryAddresses:{r1:10.50.8.1,r2:10.50.8.2}}]");
        containers.run("one", "mynet");
        containers.run("two", "mynet");
        containers.run("three", "mynet", "--ip", "10.50.77.7");
        assertThat(containers.address("one", "mynet")).isEqualTo("10.50.8.0");
        assertThat(containers.address("two", "mynet")).isEqualTo("10.50.8.3");
        assertThat(containers.address("three", "mynet")).isEqualTo("10.50.77.7");
        containers.ping("one", "three");
        assertThat(host.docker("run", "--rm", "--network", "mynet", "--ip", "10.50.8.1", "busybox", "true")
                        .err())
                .contains("address 10.50.8.1 is given already, as an --aux-address or to a container;");
        host.killAgent();
        host.startAgent();
        assertThat(host.docker("run", "--rm", "--network", "mynet", "--ip", "10.50.8.2", "busybox", "true")
                        .err())
                .contains("address 10.50.8.2 is given already, as an --aux-address or to a container;");
        assertThat(host.docker("run", "--rm", "--network", "mynet", "--ip", "10.50.0.254", "busybox", "true")
                        .err())
                .contains("address 10.50.0.254 is the gateway of its subnet;");
        assertThat(host.docker("run", "--rm", "--network", "mynet", "--ip", "10.50.77.7", "busybox", "true")
                        .err())
                .contains("address 10.50.77.7 is held by ");
    }

    @Test
    void a_network_has_several_subnets_of_both_families(Host host) {
        create(
                        host,
                        "mynet",
                        "--ipv6",
                        "--subnet",
                        "10.51.0.0/24",
                        "--subnet",
                        "10.52.0.0/24",
                        "--subnet",
                        "fd00:51::/64")
                .ok();
        assertThat(config(host, "mynet"))
                .contains("{Subnet:10.51.0.0/24}", "{Subnet:10.52.0.0/24}", "{Subnet:fd00:51::/64}");
        containers.run("one", "mynet", "--ip", "10.52.0.9", "--ip6", "fd00:51::9");
        containers.run("two", "mynet", "--ip6", "fd00:51::a");
        assertThat(containers.address("one", "mynet")).isEqualTo("10.52.0.9");
        assertThat(ipv6(host, "one", "mynet")).isEqualTo("fd00:51::9");
        containers.ping("two", "fd00:51::9");
    }

    @Test
    void a_network_of_both_families_gets_a_subnet_of_each(Host host) {
        create(host, "mynet", "--ipv6").ok();
        assertThat(config(host, "mynet")).contains("10.192.0.0/24", "fd77:6566:7400::/64");
        containers.run("one", "mynet");
        assertThat(ipv6(host, "one", "mynet")).isEqualTo("fd77:6566:7400::1");
    }

    @Test
    void a_network_can_have_IPv6_alone(Host host) {
        create(host, "mynet", "--ipv6", "--ipv4=false", "--internal").ok();
        assertThat(config(host, "mynet")).startsWith("[{Subnet:fd77:6566:7400::/64");
        containers.run("one", "mynet");
        containers.run("two", "mynet");
        assertThat(ipv6(host, "two", "mynet")).isEqualTo("fd77:6566:7400::2");
        assertThat(containers.address("two", "mynet")).isEmpty();
        containers.ping("one", "fd77:6566:7400::2");
    }

    @Test
    void networks_of_two_addresses_have_room_for_two_containers(Host host) {
        create(host, "mynet", "--ipv6", "--subnet", "10.53.0.8/31", "--subnet", "fd00:53::8/127")
                .ok();
        containers.run("one", "mynet");
        containers.run("two", "mynet");
        assertThat(containers.address("one", "mynet")).isEqualTo("10.53.0.8");
        assertThat(containers.address("two", "mynet")).isEqualTo("10.53.0.9");
        assertThat(ipv6(host, "two", "mynet")).isEqualTo("fd00:53::9");
        containers.ping("one", "two");
        assertThat(host.docker("run", "--rm", "--network", "mynet", "busybox", "true")
                        .err())
                .contains("no address is free in subnet 10.53.0.8/31: all 2 are given; remove containers that"
                        + " are not used, or create the network with a larger --subnet.");
        host.docker("rm", "-f", "one").ok();
        host.docker("run", "--rm", "--network", "mynet", "busybox", "true").ok();
    }

    @Test
    void what_cannot_be_is_refused_in_words(Host host) {
        create(host, "mynet", "--subnet", "10.54.0.0/24").ok();
        assertThat(create(host, "a", "--ipam-opt", "x=y").err())
                .contains("unknown --ipam-opt 'x'; known: prefix_length.");
        assertThat(create(host, "a", "--subnet", "127.0.0.0/24").err())
                .contains("--subnet 127.0.0.0/24 overlaps 127.0.0.0/8, which is each host's own loopback;");
        assertThat(create(host, "a", "--subnet", "10.54.0.0/24").err())
                .contains("--subnet 10.54.0.0/24 is given already: network ");
        assertThat(create(host, "a", "--subnet", "10.54.0.0/16").err())
                .contains("--subnet 10.54.0.0/16 overlaps 10.54.0.0/24, which network ");
        assertThat(create(host, "a", "--subnet", "10.55.0.0/24", "--gateway", "10.55.0.255")
                        .err())
                .contains("address 10.55.0.255 means the broadcast address in subnet 10.55.0.0/24;");
        create(host, "a", "--subnet", "10.55.0.0/24").ok();
    }

    @Test
    void addresses_are_kept_over_agents(Host host) {
        create(host, "mynet", "--subnet", "10.56.0.0/24").ok();
        containers.run("one", "mynet");
        containers.run("two", "mynet", "--ip", "10.56.0.9");
        host.killAgent();
        host.startAgent();
        containers.run("three", "mynet");
        assertThat(containers.address("three", "mynet")).isEqualTo("10.56.0.10");
        containers.ping("three", "one");
        assertThat(host.docker("run", "--rm", "--network", "mynet", "--ip", "10.56.0.9", "busybox", "true")
                        .err())
                .contains("address 10.56.0.9 is held by ");
        assertThat(create(host, "a", "--subnet", "10.56.0.0/24").err()).contains("is given already: network ");
        host.docker("rm", "-f", "one", "two", "three").ok();
        host.docker("network", "rm", "mynet").ok();
        create(host, "a", "--subnet", "10.56.0.0/24").ok();
    }

    @Test
    void networks_of_other_drivers_get_addresses_too(Host host) {
        host.docker("network", "create", "-d", "bridge", "--ipam-driver", "weft", "mynet")
                .ok();
        assertThat(config(host, "mynet")).startsWith("[{Subnet:10.192.0.0/24");
        containers.run("one", "mynet");
        assertThat(containers.address("one", "mynet")).isEqualTo("10.192.0.2");
    }

    @Test
    void a_subnet_of_a_network_of_another_driver_stays_that_networks(Host host) {
        host.docker("network", "create", "-d", "bridge", "--ipam-driver", "weft", "--subnet", "10.57.0.0/24", "other")
                .ok();
        containers.run("one", "other");
        Eventually.isTrue(
                "it is known whose subnet that is",
                () -> host.weft("ipam", "ls", "--json").ok().out().contains(containers.networkId("other")));
        for (int i = 0; i < 2; i++) {
            assertThat(create(host, "mynet", "--subnet", "10.57.0.0/24").err())
                    .contains("--subnet 10.57.0.0/24 is given already: network ");
            host.killAgent();
            host.startAgent();
        }
        containers.run("two", "other");
        containers.ping("one", "two");
        host.docker("rm", "-f", "one", "two").ok();
        host.docker("network", "rm", "other").ok();
        create(host, "mynet", "--subnet", "10.57.0.0/24").ok();
    }
}
