package dev.weft.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inet.Subnet;
import dev.weft.lab.Etcd;
import dev.weft.state.Block;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Blocks of hosts that share a real etcd.
@DisplayNameGeneration(ReplaceUnderscores.class)
class BlocksTest {
    private static final String NETWORK = Site.NETWORK.id();
    private static final Subnet SUBNET = Site.NETWORK.subnets().getFirst().subnet();

    @TempDir
    private Path folder;

    private Etcd etcd;
    private final List<Site> sites = new ArrayList<>();

    private void start() throws IOException {
        etcd = Etcd.start(Files.createDirectory(folder.resolve("etcd")));
        for (int number = 1; number <= 3; number++) {
            sites.add(new Site(number, folder.resolve("h" + number), etcd.client()));
            sites.getLast().network();
        }
        sites.forEach(Site::awaitStore);
    }

    @AfterEach
    void stop() {
        sites.forEach(Site::end);
        if (etcd != null) {
            etcd.close();
        }
    }

    private static Blocks blocks(Site site) {
        return new Blocks(site.registry(), () -> {
            site.awaitStore();
            return site.membership().store();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 22",
        "10.0.0.0/16, 24",
        "10.0.0.0/20, 26",
        "10.0.0.0/24, 28",
        "10.0.0.0/28, 30",
        "10.0.0.0/31, 32",
        "10.0.0.1/32, 32",
        "fd00::/48, 112",
        "fd00::/64, 112",
        "fd00::/120, 124",
        "fd00::1/128, 128"
    })
    void a_block_is_a_part_of_the_subnet_that_leaves_room_for_many_hosts(String subnet, int length) {
        assertThat(Blocks.prefixLength(Subnet.parse(subnet))).isEqualTo(length);
    }

    @Test
    void a_new_networks_creator_has_the_bottom_and_whatever_it_has_given() {
        var map = Blocks.first(
                "n",
                Subnet.parse("10.0.0.0/16"),
                "h1",
                List.of(InetAddress.ofLiteral("10.0.0.2"), InetAddress.ofLiteral("10.0.200.7")));
        assertThat(map.blocks())
                .containsExactly(
                        new Block(Subnet.parse("10.0.0.0/24"), "h1", true),
                        new Block(Subnet.parse("10.0.200.7/32"), "h1", true));
    }

    @Test
    void hosts_that_take_blocks_at_once_have_none_in_common() throws Exception {
        start();
        var calls = new ArrayList<Callable<List<Subnet>>>();
        for (int i = 0; i < 4; i++) {
            sites.forEach(site -> calls.add(() -> blocks(site).more(NETWORK, SUBNET)));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var call : threads.invokeAll(calls)) {
                call.get();
            }
        }
        var all = new ArrayList<Subnet>();
        for (var site : sites) {
            all.addAll(blocks(site).own(NETWORK, SUBNET));
        }
        for (int i = 0; i < all.size(); i++) {
            for (int j = 0; j < i; j++) {
                assertThat(all.get(i).overlaps(all.get(j))).isFalse();
            }
        }
        assertThat(all.stream()
                        .mapToLong(range -> 1L << (32 - range.prefixLength()))
                        .sum())
                .isEqualTo(12L << (32 - Blocks.prefixLength(SUBNET)));
    }

    @Test
    void an_address_is_claimed_by_one_host_alone() throws Exception {
        start();
        var address = SUBNET.last();
        var claimed = InetAddress.getByAddress(beforeLast(address.getAddress()));
        var winners = new HashSet<Integer>();
        var refusals = new ArrayList<String>();
        for (int i = 0; i < sites.size(); i++) {
            try {
                blocks(sites.get(i)).claim(Site.NETWORK, claimed);
                winners.add(i);
            } catch (StoreException refusal) {
                refusals.add(refusal.getMessage());
            }
        }
        assertThat(winners).hasSize(1);
        assertThat(refusals)
                .hasSize(2)
                .allMatch(sentence -> sentence.contains("is one of those that host host-1 gives"));
        blocks(sites.getFirst()).claim(Site.NETWORK, claimed); // again, at once
    }

    private static byte[] beforeLast(byte[] address) {
        address[address.length - 1]--;
        return address;
    }

    @Test
    void what_another_host_is_known_to_have_is_refused_without_the_store() throws Exception {
        start();
        sites.get(1).run("web");
        var address = sites.get(1).addressOf("web");
        sites.get(0).awaitEndpoint("web");
        etcd.kill();
        assertThatThrownBy(() -> blocks(sites.get(0)).claim(Site.NETWORK, address))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("is held by container web on host host-2");
    }

    @Test
    void without_the_store_own_addresses_are_given_and_others_are_not() throws Exception {
        start();
        var own = blocks(sites.get(0)).more(NETWORK, SUBNET).getFirst();
        etcd.kill();
        var blocks = new Blocks(sites.get(0).registry(), () -> {
            throw new StoreException("it is away");
        });
        assertThat(blocks.own(NETWORK, SUBNET)).contains(own);
        blocks.claim(Site.NETWORK, own.address());
        assertThatThrownBy(() -> blocks.claim(
                        Site.NETWORK, own.above().orElseGet(() -> own.below().orElseThrow())))
                .hasMessage("it is away");
    }
}
