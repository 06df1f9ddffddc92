package dev.weft.examples.ipamfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inet.Subnet;
import dev.weft.plugin.AddressKey;
import dev.weft.plugin.AddressRequest;
import dev.weft.plugin.PoolReply;
import dev.weft.plugin.PoolRequest;
import dev.weft.plugin.Refusal;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FileIpamTest {
    private final Path path;
    private PoolFile file;
    private FileIpam ipam;

    FileIpamTest(@TempDir Path folder) throws IOException {
        path = folder.resolve("pools.txt");
        Files.writeString(path, "offer 10.210.1.0/24\noffer 10.210.2.0/24\noffer fd42:1::/64\n");
        file = new PoolFile(path);
        ipam = new FileIpam(file);
    }

    @AfterEach
    void close() throws IOException {
        file.close();
    }

    /// What a process that was killed leaves to the next one is the file.
    private void restart() throws IOException {
        file.close();
        file = new PoolFile(path);
        ipam = new FileIpam(file);
    }

    @Test
    void addresses_go_from_the_lowest_on_and_leave_out_the_ends_of_the_subnet() {
        var pool = pool("10.1.0.0/29");
        assertThat(List.of(address(pool), address(pool), address(pool), address(pool), address(pool), address(pool)))
                .containsExactly(
                        "10.1.0.1/29", "10.1.0.2/29", "10.1.0.3/29", "10.1.0.4/29", "10.1.0.5/29", "10.1.0.6/29");
        assertThatThrownBy(() -> address(pool))
                .isInstanceOf(Refusal.class)
                .hasMessage(
                        "all 6 addresses of 10.1.0.0/29 are given. Remove unused containers, or make a network with a"
                                + " larger --subnet.");
    }

    @Test
    void a_range_begins_with_its_first_address_which_is_one_like_any_other() {
        var pool = pool("10.50.0.0/16", "10.50.8.0/30").poolId();
        assertThat(address(pool)).isEqualTo("10.50.8.0/16");
        assertThat(address(pool, "10.50.9.9")).isEqualTo("10.50.9.9/16");
        assertThat(address(pool)).isEqualTo("10.50.8.1/16");
        address(pool);
        assertThat(address(pool)).isEqualTo("10.50.8.3/16");
        assertThatThrownBy(() -> address(pool)).hasMessageStartingWith("all 4 addresses of 10.50.8.0/30 are given.");
    }

    @Test
    void IPv6_has_no_broadcast_address_and_tiny_subnets_have_no_ends() {
        var six = pool("fd00::/126");
        assertThat(List.of(address(six), address(six), address(six)))
                .containsExactly("fd00::1/126", "fd00::2/126", "fd00::3/126");
        var two = pool("10.9.0.0/31");
        assertThat(List.of(address(two), address(two))).containsExactly("10.9.0.0/31", "10.9.0.1/31");
        assertThat(address(pool("fd01::/64"))).isEqualTo("fd01::1/64");
    }

    @Test
    void a_network_without_subnet_gets_the_first_offer_that_is_free() {
        assertThat(pool(null, null).pool()).hasToString("10.210.1.0/24");
        pool("10.210.2.128/25");
        assertThatThrownBy(() -> pool(null, null))
                .isInstanceOf(Refusal.class)
                .hasMessage("none of the 2 IPv4 subnets that " + path
                        + " offers is free. Name one with --subnet, or add an offer.");
        var request = new PoolRequest("local", null, null, Map.of(), true);
        assertThat(ipam.requestPool(request).pool()).hasToString("fd42:1::/64");
        ipam.releasePool("local/10.210.1.0/24");
        assertThat(pool(null, null).pool()).hasToString("10.210.1.0/24");
    }

    @Test
    void what_cannot_be_is_refused_with_the_reason() {
        var pool = pool("10.1.0.0/24");
        assertThatThrownBy(() -> pool("10.1.0.0/16"))
                .hasMessage("subnet 10.1.0.0/16 overlaps 10.1.0.0/24, which another network has. Name another"
                        + " --subnet.");
        assertThatThrownBy(() -> pool("10.2.0.0/24", "10.0.0.0/8"))
                .hasMessage("--ip-range 10.0.0.0/8 is not within --subnet 10.2.0.0/24.");
        assertThatThrownBy(() -> address(pool, "10.2.0.1"))
                .hasMessage("10.2.0.1 is not for a container of subnet 10.1.0.0/24.");
        assertThatThrownBy(() -> address(pool, "10.1.0.255"))
                .hasMessage("10.1.0.255 is not for a container of subnet 10.1.0.0/24.");
        assertThatThrownBy(() -> address("local/10.9.9.0/24")).hasMessageStartingWith("there is no pool");
        var options = new PoolRequest("local", Subnet.parse("10.3.0.0/24"), null, Map.of("colour", "blue"), false);
        assertThatThrownBy(() -> ipam.requestPool(options))
                .hasMessage("unknown --ipam-opt [colour]; this IPAM has none.");
    }

    @Test
    void a_named_address_is_free_when_it_was_given_back_as_often_as_it_was_asked_for() {
        var pool = pool("10.1.0.0/30");
        assertThat(address(pool, "10.1.0.1")).isEqualTo("10.1.0.1/30");
        assertThat(address(pool, "10.1.0.1")).isEqualTo("10.1.0.1/30");
        release(pool, "10.1.0.1");
        assertThat(address(pool)).isEqualTo("10.1.0.2/30");
        assertThatThrownBy(() -> address(pool)).hasMessageStartingWith("all 2 addresses of 10.1.0.0/30 are given.");
        release(pool, "10.1.0.1");
        assertThat(address(pool)).isEqualTo("10.1.0.1/30");
        assertThatThrownBy(() -> address(pool, "10.1.0.1"))
                .hasMessage("10.1.0.1 is given to another container already. Name another --ip; or, if none has it,"
                        + " stop this plugin and take its line out of " + path + ".");
    }

    @Test
    void releases_of_what_is_not_given_are_no_error() {
        ipam.releasePool("local/10.9.9.0/24");
        release("local/10.9.9.0/24", "10.9.9.9");
        release(pool("10.1.0.0/24"), "10.1.0.9");
    }

    @Test
    void the_file_is_text_that_a_person_can_read_and_correct() throws IOException {
        var pool = pool("10.50.0.0/16", "10.50.8.0/24").poolId();
        address(pool);
        address(pool, "10.50.9.9");
        assertThat(Files.readAllLines(path))
                .startsWith(
                        "# Stop the plugin before you change anything here.",
                        "offer 10.210.1.0/24",
                        "offer 10.210.2.0/24",
                        "offer fd42:1::/64",
                        "pool local 10.50.0.0/16 10.50.8.0/24 1")
                .contains(
                        "address local/10.50.0.0/16/10.50.8.0/24 10.50.8.0 0",
                        "address local/10.50.0.0/16/10.50.8.0/24 10.50.9.9 1")
                .hasSize(7);
        Files.writeString(path, "adress local/10.50.0.0/16/10.50.8.0/24 10.50.8.0 0\n");
        assertThatThrownBy(this::restart)
                .isInstanceOf(IOException.class)
                .hasMessage("cannot read " + path
                        + ": what is 'adress local/10.50.0.0/16/10.50.8.0/24 10.50.8.0 0'? Correct that line.");
    }

    @Test
    void without_the_file_nothing_is_served() throws IOException {
        Files.delete(path);
        assertThatThrownBy(this::restart)
                .isInstanceOf(IOException.class)
                .hasMessage("there is no file " + path + ". Make it, empty or with 'offer 10.210.1.0/24'.");
    }

    @Test
    void what_is_not_on_disk_is_not_given() throws IOException {
        var pool = pool("10.1.0.0/24");
        var obstacle = Files.createDirectory(path.resolveSibling("pools.txt.new"));
        assertThatThrownBy(() -> address(pool))
                .isInstanceOf(Refusal.class)
                .hasMessageStartingWith("cannot record addresses in " + path + ": ");
        Files.delete(obstacle);
        assertThat(address(pool)).isEqualTo("10.1.0.1/24");
    }

    /// The oracle knows all given addresses one by one, and never restarts.
    @Test
    void whatever_is_asked_in_whatever_order_is_what_the_oracle_says() throws IOException {
        long seed = Long.getLong("weft.seed", System.nanoTime());
        var random = new Random(seed);
        var oracles = Oracle.some();
        for (int step = 0; step < 4000; step++) {
            var about = "step " + step + " of -Dweft.seed=" + seed;
            var oracle = oracles.get(random.nextInt(oracles.size()));
            var some = oracle.addresses().get(random.nextInt(oracle.addresses().size()));
            switch (random.nextInt(12)) {
                case 0, 1 ->
                    assertThat(answer(() -> ipam.requestPool(oracle.request()).poolId()))
                            .as(about)
                            .isEqualTo(oracle.requestPool(oracles));
                case 2 -> {
                    ipam.releasePool(oracle.id());
                    oracle.releasePool();
                }
                case 3, 4, 5, 6 ->
                    assertThat(answer(() -> address(oracle.id()))).as(about).isEqualTo(oracle.choose(oracles));
                case 7, 8 ->
                    assertThat(answer(() -> address(oracle.id(), some)))
                            .as(about)
                            .isEqualTo(oracle.name(some, oracles));
                case 9, 10 -> {
                    release(oracle.id(), some);
                    oracle.release(some);
                }
                default -> restart();
            }
        }
    }

    private static String answer(Supplier<String> call) {
        try {
            return call.get();
        } catch (Refusal refusal) {
            return "refused";
        }
    }

    private PoolReply pool(@Nullable String subnet, @Nullable String range) {
        return ipam.requestPool(new PoolRequest(
                "local",
                subnet == null ? null : Subnet.parse(subnet),
                range == null ? null : Subnet.parse(range),
                Map.of(),
                false));
    }

    private String pool(String subnet) {
        return pool(subnet, null).poolId();
    }

    private String address(String pool) {
        return address(pool, null);
    }

    private String address(String pool, @Nullable String wanted) {
        var address = wanted == null ? null : InetAddress.ofLiteral(wanted);
        return ipam.requestAddress(new AddressRequest(pool, address, false, null, Map.of()))
                .toString();
    }

    private void release(String pool, String address) {
        ipam.releaseAddress(new AddressKey(pool, InetAddress.ofLiteral(address)));
    }
}
