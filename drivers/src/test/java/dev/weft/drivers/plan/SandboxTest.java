package dev.weft.drivers.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.drivers.plan.Kernel.Outcome;
import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.inet.Subnet;
import dev.weft.plugin.StaticRoute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Links in a sandbox that is bound to a path, as engines bind them.
@Tag("kernel")
@DisplayNameGeneration(ReplaceUnderscores.class)
class SandboxTest {
    private static final MacAddress MAC = MacAddress.parse("02:42:0a:01:00:02");
    private static final Step.CreateVeth VETH = new Step.CreateVeth("veth-1", "weft-1", MAC, 1400, "weft endpoint 1");

    private static final String PATH = PinnedSandbox.PATH;

    private TwoNamespaces namespaces;
    private PinnedSandbox sandbox;

    @BeforeEach
    void open() throws Exception {
        namespaces = TwoNamespaces.make();
        sandbox = new PinnedSandbox();
    }

    @AfterEach
    void close() {
        if (namespaces != null) {
            sandbox.close();
            namespaces.close();
        }
    }

    private Step.Restore restored(String interfaceName) {
        return new Step.Restore(
                VETH,
                PATH,
                interfaceName,
                List.of(Cidr.parse("10.1.0.2/24"), Cidr.parse("fd01::2/64")),
                List.of(
                        route("10.2.0.0/24", "10.1.0.9"),
                        route("fd02::/64", "fd01::9"),
                        new StaticRoute(Subnet.parse("10.3.0.0/24"), null)));
    }

    private static StaticRoute route(String destination, String nextHop) {
        return new StaticRoute(
                Subnet.parse(destination),
                Cidr.parse(nextHop + (nextHop.contains(":") ? "/128" : "/32")).address());
    }

    private String inSandbox(String command) {
        return sandbox.run(command);
    }

    private void disableIpv6(String value) throws IOException {
        sandbox.namespace().call(() -> Files.writeString(Path.of("/proc/sys/net/ipv6/conf/all/disable_ipv6"), value));
    }

    @Test
    void a_pair_is_restored_with_the_name_the_MAC_the_MTU_the_addresses_and_the_routes() throws IOException {
        disableIpv6("1"); // as engines do with a fresh one
        assertThat(namespaces.kernel.apply(restored("lan7"))).isEqualTo(Outcome.CREATED);
        assertThat(inSandbox("ip -o link show lan7")).contains(",UP>", "mtu 1400", "link/ether 02:42:0a:01:00:02");
        assertThat(inSandbox("ip -o addr show lan7"))
                .contains("inet 10.1.0.2/24 brd 10.1.0.255", "inet6 fd01::2/64")
                .doesNotContain("tentative");
        assertThat(inSandbox("ip route; ip -6 route"))
                .contains(
                        "10.2.0.0/24 via 10.1.0.9 dev lan7", "10.3.0.0/24 dev lan7", "fd02::/64 via fd01::9 dev lan7");
        assertThat(namespaces.inFabric("ip -o link show veth-1"))
                .contains("mtu 1400", "state DOWN")
                .doesNotContain("alias");
    }

    @Test
    void one_without_IPv6_addresses_has_no_IPv6() throws IOException {
        disableIpv6("0");
        namespaces.kernel.apply(new Step.Restore(VETH, PATH, "eth0", List.of(Cidr.parse("10.1.0.2/24")), List.of()));
        assertThat(inSandbox("ip -o addr show eth0")).contains("10.1.0.2/24").doesNotContain("inet6");
    }

    @Test
    void without_a_name_it_is_the_first_free() {
        inSandbox("ip link add eth0 type bridge; ip link add eth2 type bridge");
        namespaces.kernel.apply(restored(""));
        assertThat(inSandbox("ip -o link show eth1")).contains("02:42:0a:01:00:02");
    }

    @Test
    void one_whose_port_has_not_become_a_bridges_may_be_half_made_and_is_made_anew() {
        namespaces.kernel.apply(restored("eth0"));
        inSandbox("ip addr flush dev eth0; ip link set eth0 down");
        assertThat(namespaces.kernel.apply(restored("eth0"))).isEqualTo(Outcome.CREATED);
        assertThat(inSandbox("ip -o addr show eth0")).contains("10.1.0.2/24", "fd01::2/64");
    }

    @Test
    void one_that_is_there_is_left_as_it_is() {
        namespaces.kernel.apply(restored("eth0"));
        namespaces.inFabric("ip link set veth-1 alias 'weft endpoint 1'");
        var before = inSandbox("ip addr");
        assertThat(namespaces.kernel.apply(restored("eth0"))).isEqualTo(Outcome.FOUND);
        assertThat(inSandbox("ip addr")).isEqualTo(before);
    }

    @Test
    void a_link_of_that_name_is_left_alone_and_told_with_what_to_do() {
        inSandbox("ip link add eth0 type bridge");
        assertThatThrownBy(() -> namespaces.kernel.apply(restored("eth0")))
                .isInstanceOf(LinkConflict.class)
                .hasMessage(
                        "link veth-1 is gone, and its container has another link eth0; disconnect the container from"
                                + " the network and connect it again.");
        assertThat(namespaces.fabric.link("veth-1")).isEmpty();
    }

    @Test
    void what_cannot_be_restored_whole_is_not_restored_at_all() {
        var unreachable = new Step.Restore(
                VETH, PATH, "eth0", List.of(Cidr.parse("10.1.0.2/24")), List.of(route("10.2.0.0/24", "10.9.0.9")));
        assertThatThrownBy(() -> namespaces.kernel.apply(unreachable)).hasMessageContaining("10.2.0.0/24");
        assertThat(namespaces.fabric.link("veth-1")).isEmpty();
        assertThat(inSandbox("ip -o link")).doesNotContain("eth0");
    }

    @Test
    void a_sandbox_that_is_gone_or_no_namespace_is_named() throws IOException {
        sandbox.unpin();
        assertThatThrownBy(() -> namespaces.kernel.apply(restored("eth0")))
                .isInstanceOf(LinkConflict.class)
                .hasMessage("link veth-1 is gone, and so is the container's network namespace " + PATH + ".");
        Files.createFile(Path.of(PATH)); // as an engine leaves one that it is about to remove
        assertThatThrownBy(() -> namespaces.kernel.apply(restored("eth0"))).hasMessageContaining(PATH);
    }

    @Test
    void somebody_elses_link_in_the_ports_place_is_named_and_left_alone() {
        namespaces.inFabric("ip link add veth-1 type bridge");
        assertThatThrownBy(() -> namespaces.kernel.apply(restored("eth0")))
                .isInstanceOf(LinkConflict.class)
                .hasMessage("link veth-1 is of kind 'bridge' and is not what Weft made; rename or remove it.");
        assertThat(inSandbox("ip -o link")).doesNotContain("eth0");
    }

    @Test
    void undoing_takes_both_ends() {
        namespaces.kernel.apply(restored("eth0"));
        namespaces.kernel.undo(restored("eth0"));
        assertThat(namespaces.fabric.link("veth-1")).isEmpty();
        assertThat(inSandbox("ip -o link")).doesNotContain("eth0");
    }

    @Test
    void a_links_name_is_found_by_its_MAC_and_nothing_where_there_is_none_or_no_sandbox() throws IOException {
        namespaces.kernel.apply(restored("lan7"));
        assertThat(namespaces.kernel.nameInSandbox(PATH, "weft endpoint 9", MAC))
                .hasValue("lan7");
        assertThat(namespaces.kernel.nameInSandbox(PATH, "weft endpoint 9", MacAddress.parse("02:42:0a:01:00:03")))
                .isEmpty();
        sandbox.unpin();
        assertThat(namespaces.kernel.nameInSandbox(PATH, "weft endpoint 9", MAC))
                .isEmpty();
        Files.createFile(Path.of(PATH));
        assertThat(namespaces.kernel.nameInSandbox(PATH, "weft endpoint 9", MAC))
                .isEmpty();
    }
}
