package dev.weft.ipam;

import static dev.weft.ipam.ServedIpam.address;
import static dev.weft.ipam.WeftIpam.GLOBAL;
import static dev.weft.ipam.WeftIpam.LOCAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inet.Cidr;
import dev.weft.inet.Subnet;
import dev.weft.plugin.AddressSpaces;
import dev.weft.plugin.IpamCapabilities;
import dev.weft.plugin.PoolReply;
import dev.weft.plugin.PoolRequest;
import dev.weft.plugin.Refusal;
import dev.weft.state.NetworkRecord;
import dev.weft.state.NetworkSubnet;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class WeftIpamTest {
    @TempDir
    Path folder;

    private ServedIpam served;

    @BeforeEach
    void serve() {
        served = new ServedIpam(folder);
    }

    @AfterEach
    void close() {
        served.close();
    }

    @Test
    void it_needs_no_MAC_addresses_and_nothing_told_again() {
        assertThat(served.ipam.ipamCapabilities()).isEqualTo(new IpamCapabilities(false, false));
        assertThat(served.ipam.defaultAddressSpaces()).isEqualTo(new AddressSpaces("weft-local", "weft-global"));
    }

    @Test
    void a_network_gets_the_first_free_subnet_of_its_space_and_family() {
        assertThat(served.ipam.requestPool(new PoolRequest(LOCAL, null, null, Map.of(), false)))
                .isEqualTo(new PoolReply("weft-local/10.192.0.0/24", Subnet.parse("10.192.0.0/24")));
        assertThat(served.chosenPool(LOCAL, false)).isEqualTo("weft-local/10.192.1.0/24");
        assertThat(served.chosenPool(LOCAL, true)).isEqualTo("weft-local/fd00:77::/64");
        assertThat(served.chosenPool(GLOBAL, false)).isEqualTo("weft-global/10.208.0.0/24");
        assertThat(served.chosenPool(GLOBAL, true)).isEqualTo("weft-global/fd00:78::/64");
        served.ipam.releasePool("weft-local/10.192.0.0/24");
        assertThat(served.chosenPool(LOCAL, false)).isEqualTo("weft-local/10.192.0.0/24");
    }

    @Test
    void a_chosen_subnet_overlaps_no_pool_no_other_network_and_no_route() {
        served.pool(GLOBAL, "10.192.0.0/25", null);
        served.registry.put(new NetworkRecord(
                "n1",
                null,
                "vxlan",
                1450,
                false,
                List.of(new NetworkSubnet(Subnet.parse("10.192.1.128/25"), null, "LocalDefault")),
                Map.of()));
        served.routes.add(Subnet.parse("10.192.2.7/32"));
        assertThat(served.chosenPool(LOCAL, false)).isEqualTo("weft-local/10.192.3.0/24");
        assertThatThrownBy(() -> served.chosenPool(LOCAL, false))
                .isInstanceOf(Refusal.class)
                .hasMessage("no IPv4 subnet is free in 10.192.0.0/22 by /24 (4 subnets; overlapped by 2 pools,"
                        + " 1 other network and 1 route of this host); name one with --subnet, remove networks that"
                        + " are not used, or add a range to ipam.local_pools.");
    }

    @Test
    void the_size_of_a_chosen_subnet_can_be_asked_for() {
        assertThat(served.chosenPool(LOCAL, false, "prefix_length=26")).isEqualTo("weft-local/10.192.0.0/26");
        assertThat(served.chosenPool(LOCAL, false, "prefix_length=23")).isEqualTo("weft-local/10.192.2.0/23");
        assertThat(served.chosenPool(LOCAL, true, "prefix_length=80")).isEqualTo("weft-local/fd00:77::/80");
        assertThat(served.pool(LOCAL, "10.5.0.0/24", null, "prefix_length=26")).isEqualTo("weft-local/10.5.0.0/24");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "prefix_length=21 | no IPv4 subnet of /21 (--ipam-opt prefix_length) is within 10.192.0.0/22; give a length of 22 to 32, or name the IPv4 subnet with --subnet.",
                "prefix_length=33 | no IPv4 subnet of /33 (--ipam-opt prefix_length) is within 10.192.0.0/22; give a length of 22 to 32, or name the IPv4 subnet with --subnet.",
                "prefix_length=/24 | --ipam-opt prefix_length is '/24'; give a number of bits, such as 24.",
                "prefix_lenght=24 | unknown --ipam-opt 'prefix_lenght'; known: prefix_length.",
            })
    void options_that_mean_nothing_are_refused(String option, String sentence) {
        assertThatThrownBy(() -> served.chosenPool(LOCAL, false, option)).hasMessage(sentence);
    }

    @Test
    void all_wrong_options_are_told_at_once_and_swarms_own_is_none() {
        assertThatThrownBy(() -> served.chosenPool(LOCAL, false, "x=y", "a=b", "prefix_length=0"))
                .hasMessage("unknown --ipam-opt 'a'; known: prefix_length; --ipam-opt prefix_length is '0'; give a"
                        + " number of bits, such as 24; unknown --ipam-opt 'x'; known: prefix_length.");
        assertThat(served.chosenPool(LOCAL, false, "com.docker.network.ipam.serial=true"))
                .isEqualTo("weft-local/10.192.0.0/24");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "0.0.0.0/0 | - | --subnet 0.0.0.0/0 overlaps 0.0.0.0/8, which is reserved; give one for containers, such as 10.5.0.0/24.",
                "127.1.0.0/16 | - | --subnet 127.1.0.0/16 overlaps 127.0.0.0/8, which is each host's own loopback; give one for containers, such as 10.5.0.0/24.",
                "224.0.0.0/4 | - | --subnet 224.0.0.0/4 is multicast; give one for containers, such as 10.5.0.0/24.",
                "::/0 | - | --subnet ::/0 overlaps ::/127, which is each host's own loopback; give one for containers, such as fd00:5::/64.",
                "fe80::/64 | - | --subnet fe80::/64 overlaps fe80::/10, which is what every link has by itself; give one for containers, such as fd00:5::/64.",
                "ff02::/64 | - | --subnet ff02::/64 overlaps ff00::/8, which is multicast; give one for containers, such as fd00:5::/64.",
                "10.5.0.0/24 | 10.5.1.0/26 | --ip-range 10.5.1.0/26 is not within --subnet 10.5.0.0/24; give a part of it, or leave it out to have addresses from the whole subnet.",
                "10.5.0.0/24 | 10.5.0.0/16 | --ip-range 10.5.0.0/16 is not within --subnet 10.5.0.0/24; give a part of it, or leave it out to have addresses from the whole subnet.",
                "10.5.0.0/24 | fd00::/64 | --ip-range fd00::/64 is not within --subnet 10.5.0.0/24; give a part of it, or leave it out to have addresses from the whole subnet.",
            })
    void a_subnet_or_range_that_cannot_be_is_refused(String subnet, String range, String sentence) {
        assertThatThrownBy(() -> served.pool(LOCAL, subnet, range)).hasMessage(sentence);
        assertThat(served.registry.pools()).isEmpty();
    }

    @Test
    void a_range_without_a_subnet_and_a_space_of_others_are_refused() {
        assertThatThrownBy(() -> served.ipam.requestPool(
                        new PoolRequest(LOCAL, null, Subnet.parse("10.5.0.0/24"), Map.of(), false)))
                .hasMessage("--ip-range 10.5.0.0/24 needs a --subnet of which it is a part.");
        assertThatThrownBy(() -> served.pool("recLocal", "10.5.0.0/24", null))
                .hasMessage("there is no address space 'recLocal'; Weft has weft-local and weft-global.");
    }

    @Test
    void a_subnet_that_overlaps_a_pool_is_refused_with_its_network() {
        served.pool("10.5.0.0/24");
        assertThatThrownBy(() -> served.pool("10.5.0.128/25"))
                .hasMessage("--subnet 10.5.0.128/25 overlaps 10.5.0.0/24, which a network whose name is not known yet"
                        + " has; name another --subnet, or remove that network.");
        served.network("n1", "mynet", "10.5.0.0/24");
        assertThatThrownBy(() -> served.pool("10.5.0.0/16"))
                .hasMessage("--subnet 10.5.0.0/16 overlaps 10.5.0.0/24, which network mynet has; name another"
                        + " --subnet, or remove that network.");
        assertThat(served.pool(GLOBAL, "10.5.0.0/16", null)).isEqualTo("weft-global/10.5.0.0/16");
        served.routes.add(Subnet.parse("10.6.0.0/16"));
        assertThat(served.pool("10.6.0.0/24")).isEqualTo("weft-local/10.6.0.0/24");
    }

    @ParameterizedTest
    @CsvSource({
        "10.5.0.0/24, 10.5.0.0/24, 10.5.0.1/24, 10.5.0.2/24",
        "10.5.0.0/16, 10.5.8.0/24, 10.5.8.0/16, 10.5.8.1/16",
        "10.5.0.2/31, 10.5.0.2/31, 10.5.0.2/31, 10.5.0.3/31",
        "fd00:5::/64, fd00:5::/64, fd00:5::1/64, fd00:5::2/64",
        "fd00:5::8/127, fd00:5::8/127, fd00:5::8/127, fd00:5::9/127",
        "fd00:5::/64, fd00:5::100/120, fd00:5::100/64, fd00:5::101/64",
    })
    void the_gateway_is_the_first_of_the_range_and_containers_follow(
            String subnet, String range, String gateway, String first) {
        var pool = served.pool(LOCAL, subnet, range);
        assertThat(served.gateway(pool)).isEqualTo(gateway);
        assertThat(served.choose(pool)).isEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource({"10.5.0.9/32", "fd00:5::9/128"})
    void a_pool_of_one_address_gives_it(String subnet) {
        var pool = served.pool(subnet);
        assertThat(served.choose(pool)).isEqualTo(subnet);
        assertThatThrownBy(() -> served.choose(pool))
                .hasMessage("no address is free in subnet " + subnet + ": all 1 are given; remove containers that are"
                        + " not used, or create the network with a larger --subnet.");
    }

    @Test
    void a_full_pool_says_so_with_figures() {
        var pool = served.pool("10.5.0.0/29");
        served.gateway(pool);
        for (int last = 2; last <= 6; last++) {
            assertThat(served.choose(pool)).isEqualTo("10.5.0." + last + "/29");
        }
        assertThatThrownBy(() -> served.choose(pool))
                .hasMessage("no address is free in subnet 10.5.0.0/29: all 6 are given, one of them to the gateway"
                        + " (10.5.0.1); remove containers that are not used, or create the network with a larger"
                        + " --subnet.");
        served.release(pool, "10.5.0.4");
        assertThat(served.choose(pool)).isEqualTo("10.5.0.4/29");
        var part = served.pool(LOCAL, "10.6.0.0/24", "10.6.0.8/31");
        served.gateway(part, "10.6.0.1");
        served.choose(part);
        served.choose(part);
        assertThatThrownBy(() -> served.choose(part))
                .hasMessage("no address is free in --ip-range 10.6.0.8/31 of subnet 10.6.0.0/24: all 2 are given;"
                        + " remove containers that are not used, or create the network with a larger --ip-range.");
        assertThat(served.name(part, "10.6.0.77")).isEqualTo("10.6.0.77/24");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.5.0.0/24 | 10.5.1.1 | address 10.5.1.1 is not in subnet 10.5.0.0/24; give one that is.",
                "10.5.0.0/24 | fd00::1 | address fd00::1 is not in subnet 10.5.0.0/24; give one that is.",
                "10.5.0.0/24 | 10.5.0.0 | address 10.5.0.0 means the network itself in subnet 10.5.0.0/24; give another one of the subnet.",
                "10.5.0.0/24 | 10.5.0.255 | address 10.5.0.255 means the broadcast address in subnet 10.5.0.0/24; give another one of the subnet.",
                "fd00:5::/64 | fd00:5:: | address fd00:5:: means the anycast address of all routers (RFC 4291) in subnet fd00:5::/64; give another one of the subnet.",
            })
    void a_named_address_that_no_container_can_have_is_refused(String subnet, String address, String sentence) {
        var pool = served.pool(subnet);
        assertThatThrownBy(() -> served.name(pool, address)).hasMessage(sentence);
        assertThatThrownBy(() -> served.gateway(pool, address)).hasMessage(sentence);
        assertThat(served.held(pool)).isEmpty();
    }

    @Test
    void what_is_not_known_is_released_without_a_word_and_asked_for_in_vain() {
        served.ipam.releasePool("weft-local/10.9.0.0/24");
        served.ipam.collectPool("weft-local/10.9.0.0/24");
        served.release("weft-local/10.9.0.0/24", "10.9.0.1");
        served.ipam.bind("LocalDefault/10.9.0.0/24", "n1");
        var pool = served.pool("10.5.0.0/24");
        served.release(pool, "10.5.0.9");
        served.release(pool, "fd00::1");
        assertThatThrownBy(() -> served.choose("weft-local/10.9.0.0/24"))
                .hasMessage("pool 'weft-local/10.9.0.0/24' is not known to this agent, whose state may have been"
                        + " lost; run 'weft state rebuild', or remove the network and create it again.");
        assertThat(served.choose(pool)).isEqualTo("10.5.0.1/24");
    }

    @Test
    void a_pool_goes_with_all_its_addresses() {
        var pool = served.pool("10.5.0.0/24");
        served.gateway(pool);
        served.choose(pool);
        served.ipam.releasePool(pool);
        assertThat(served.registry.pools()).isEmpty();
        assertThat(served.held(pool)).isEmpty();
        served.pool("10.5.0.0/24");
        assertThat(served.gateway(pool)).isEqualTo("10.5.0.1/24");
    }

    @Test
    void what_was_given_is_known_after_a_restart_and_choosing_goes_on() {
        var pool = served.pool(LOCAL, "10.5.0.0/24", "10.5.0.0/28");
        served.gateway(pool, "10.5.0.14");
        served.choose(pool);
        served.choose(pool);
        served.choose(pool);
        served.name(pool, "10.5.0.200");
        served.release(pool, "10.5.0.2");
        served.restart();
        assertThat(served.held(pool)).containsExactly("10.5.0.1", "10.5.0.14", "10.5.0.200", "10.5.0.3");
        assertThat(served.choose(pool)).isEqualTo("10.5.0.4/24");
        assertThat(served.ipam.use()).singleElement().satisfies(use -> {
            assertThat(use.size()).isEqualTo(15);
            assertThat(use.given()).isEqualTo(5);
            assertThat(use.free()).isEqualTo(11);
            assertThat(use.gateway()).isEqualTo(address("10.5.0.14"));
        });
    }

    @Test
    void the_use_of_pools_is_told_in_their_order() {
        served.pool(GLOBAL, "10.7.0.0/16", null);
        var pool = served.pool("10.20.0.0/24");
        served.pool("10.5.0.0/24");
        served.gateway(pool);
        served.network("n1", "mynet", "10.20.0.0/24");
        assertThat(served.ipam.use())
                .extracting(
                        use -> use.pool().id() + " " + use.pool().networkId() + " " + use.given() + "/" + use.size())
                .containsExactly(
                        "weft-global/10.7.0.0/16 null 0/65534",
                        "weft-local/10.5.0.0/24 null 0/254",
                        "weft-local/10.20.0.0/24 n1 1/254");
    }

    @Test
    void a_registry_that_cannot_write_gives_nothing_and_forgets_nothing() {
        var pool = served.pool("10.5.0.0/24");
        served.name(pool, "10.5.0.9");
        served.registry.close();
        assertThatThrownBy(() -> served.choose(pool))
                .isInstanceOf(Refusal.class)
                .hasMessageStartingWith("cannot give an address of 'weft-local/10.5.0.0/24': cannot write to ");
        assertThatThrownBy(() -> served.gateway(pool)).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> served.name(pool, "10.5.0.7")).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> served.release(pool, "10.5.0.9"))
                .hasMessageStartingWith("cannot take back an address of 'weft-local/10.5.0.0/24': cannot write to ");
        assertThatThrownBy(() -> served.ipam.releasePool(pool))
                .hasMessageStartingWith("cannot take back subnet 'weft-local/10.5.0.0/24': cannot write to ");
        assertThatThrownBy(() -> served.pool("10.6.0.0/24"))
                .hasMessageStartingWith("cannot give a subnet: cannot write to ");
        assertThat(served.ipam.use()).singleElement().satisfies(use -> {
            assertThat(use.given()).isEqualTo(1);
            assertThat(use.gateway()).isNull();
        });
        served.restart();
        assertThat(served.held(pool)).containsExactly("10.5.0.9");
        assertThat(served.ask(pool, null, true)).isEqualTo(Cidr.parse("10.5.0.1/24"));
    }
}
