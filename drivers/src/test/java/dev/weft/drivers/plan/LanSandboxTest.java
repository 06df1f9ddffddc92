package dev.weft.drivers.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.drivers.plan.Kernel.Outcome;
import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.inet.Subnet;
import dev.weft.netlink.Macvlan;
import dev.weft.plugin.StaticRoute;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Links on a parent of the host's, in a sandbox where an engine has put them.
@Tag("kernel")
@DisplayNameGeneration(ReplaceUnderscores.class)
class LanSandboxTest {
    private static final MacAddress MAC = MacAddress.parse("02:42:0a:01:00:02");
    private static final String ALIAS = "weft endpoint 1";
    private static final StaticRoute DEFAULT = route("0.0.0.0/0", "10.1.0.1");
    private static final StaticRoute DEFAULT_IPV6 = route("::/0", "fd01::1");

    private TwoNamespaces namespaces;
    private PinnedSandbox sandbox;

    @BeforeEach
    void open() throws Exception {
        namespaces = TwoNamespaces.make();
        sandbox = new PinnedSandbox();
        namespaces.inHost("ip link add lan0 up type veth peer lan1; ip link set lan1 up");
    }

    @AfterEach
    void close() {
        if (namespaces != null) {
            sandbox.close();
            namespaces.close();
        }
    }

    private static StaticRoute route(String destination, String nextHop) {
        return new StaticRoute(Subnet.parse(destination), InetAddress.ofLiteral(nextHop));
    }

    private static Step.CreateLanLink link(Macvlan.Mode mode) {
        return new Step.CreateLanLink("weft-1", "lan0", new Macvlan(mode), MAC, 1400, ALIAS);
    }

    private static Step.Restore restored(Step.CreateLanLink link, String name, StaticRoute... routes) {
        return new Step.Restore(
                link,
                PinnedSandbox.PATH,
                name,
                List.of(Cidr.parse("10.1.0.2/24"), Cidr.parse("fd01::2/64")),
                List.of(routes));
    }

    private static Step.Restore restored(String name, StaticRoute... routes) {
        return restored(link(Macvlan.Mode.BRIDGE), name, routes);
    }

    private Outcome restore(String name, StaticRoute... routes) {
        return namespaces.kernel.apply(restored(name, routes));
    }

    /// As an agent leaves it that is killed between two messages to the kernel.
    private void leave(String name, String more) {
        namespaces.inHost("ip link add link lan0 name " + name + " netns " + name() + " " + more);
    }

    private static String name() {
        return PinnedSandbox.PATH.substring("/run/netns/".length());
    }

    @Test
    void a_link_is_restored_with_all_that_it_had() {
        assertThat(restore("lan7", DEFAULT, DEFAULT_IPV6, route("10.9.0.0/16", "10.1.0.5")))
                .isEqualTo(Outcome.CREATED);
        assertThat(sandbox.run("ip -d -o link show lan7"))
                .contains(",UP", "mtu 1400", "02:42:0a:01:00:02", "macvlan mode bridge", "alias weft endpoint 1");
        assertThat(sandbox.run("ip -o addr show lan7 scope global"))
                .contains("10.1.0.2/24 brd", "fd01::2/64")
                .doesNotContain("tentative");
        assertThat(sandbox.run("ip route; ip -6 route"))
                .contains(
                        "default via 10.1.0.1 dev lan7",
                        "default via fd01::1 dev lan7",
                        "10.9.0.0/16 via 10.1.0.5 dev lan7");
        assertThat(restore("lan7")).isEqualTo(Outcome.FOUND);
        assertThat(namespaces.inHost("ip -o link")).doesNotContain("weft-1");
    }

    @Test
    void one_that_the_engine_has_not_moved_yet_is_not_made_twice() {
        namespaces.kernel.apply(link(Macvlan.Mode.BRIDGE));
        assertThat(restore("")).isEqualTo(Outcome.FOUND);
        namespaces.inHost("ip link set weft-1 netns " + name());
        sandbox.run("ip link set weft-1 name eth0");
        assertThat(restore("")).isEqualTo(Outcome.FOUND);
        assertThat(sandbox.run("ip -o link").lines().filter(line -> line.contains("macvlan") || line.contains("@")))
                .hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(names = "SOURCE", mode = EnumSource.Mode.EXCLUDE)
    void one_that_a_killed_agent_has_half_made_is_made_anew(Macvlan.Mode mode) {
        for (var name : List.of("", "eth0")) {
            leave(
                    "eth0",
                    "address 02:42:0a:01:00:02 type macvlan mode " + mode.name().toLowerCase(Locale.ROOT));
            sandbox.run("ip addr add 10.1.0.2/24 dev eth0; ip link set eth0 up");
            assertThat(namespaces.kernel.apply(restored(link(mode), name, DEFAULT)))
                    .isEqualTo(Outcome.CREATED);
            assertThat(sandbox.run("ip -o link; ip -o addr show eth0"))
                    .contains("alias weft endpoint 1", "fd01::2/64")
                    .doesNotContain("eth1");
            namespaces.kernel.undo(restored(link(mode), name));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ip link set mine address 02:00:00:00:00:77",
                "ip addr add 10.7.0.2/24 dev mine",
                "ip link set mine alias theirs"
            })
    void one_that_somebody_else_has_made_stays(String mark) {
        leave("mine", "address 02:42:0a:01:00:02 type macvlan mode bridge");
        sandbox.run(mark);
        assertThat(restore("", DEFAULT)).isEqualTo(Outcome.CREATED);
        assertThat(sandbox.run("ip -o link")).contains(" mine@");
    }

    @Test
    void a_second_way_out_is_left_to_the_network_that_provides_the_first() {
        sandbox.run("ip link add net0 up type veth peer net1; ip addr add 10.7.0.2/24 dev net0;"
                + " ip addr add fd07::2/64 dev net0 nodad; ip route add default via 10.7.0.1;"
                + " ip -6 route add default via fd07::1 dev net0");
        assertThat(restore("eth0", DEFAULT, DEFAULT_IPV6, route("10.9.0.0/16", "10.1.0.5")))
                .isEqualTo(Outcome.CREATED);
        assertThat(sandbox.run("ip route; ip -6 route"))
                .contains(
                        "default via 10.7.0.1 dev net0",
                        "default via fd07::1 dev net0",
                        "10.9.0.0/16 via 10.1.0.5 dev eth0")
                .doesNotContain("via 10.1.0.1", "via fd01::1");
    }

    @Test
    void another_route_that_is_there_already_is_no_such_case_and_nothing_is_restored() {
        sandbox.run("ip link add net0 up type veth peer net1; ip link set net1 up; ip route add 10.9.0.0/16 dev net0");
        assertThatThrownBy(() -> restore("eth0", route("10.9.0.0/16", "10.1.0.5")))
                .hasMessageContaining("10.9.0.0/16");
        assertThat(sandbox.run("ip -o link")).doesNotContain("eth0");
    }

    @Test
    void a_default_route_over_a_gateway_that_is_not_there_is_refused_as_any_other_and_nothing_is_restored() {
        assertThatThrownBy(() -> restore("eth0", route("0.0.0.0/0", "10.7.0.1")))
                .hasMessageContaining("10.7.0.1");
        assertThat(sandbox.run("ip -o link")).doesNotContain("eth0");
    }

    @Test
    void without_its_parent_or_the_sandbox_nothing_is_restored_and_the_sentence_says_why() {
        namespaces.inHost("ip link del lan0");
        assertThatThrownBy(() -> restore("eth0"))
                .isInstanceOf(LinkConflict.class)
                .hasMessageStartingWith("link lan0 is not on this host, and the network stands on it: ");
        sandbox.unpin();
        assertThatThrownBy(() -> restore("eth0"))
                .isInstanceOf(LinkConflict.class)
                .hasMessage(
                        "link weft-1 is gone, and so is the container's network namespace " + PinnedSandbox.PATH + ".");
        namespaces.kernel.undo(restored("eth0"));
    }

    @Test
    void undoing_removes_the_link_with_the_alias_whatever_it_is_called_and_no_other() {
        restore("eth0");
        leave("mine", "type macvlan mode bridge");
        sandbox.run("ip link set eth0 down; ip link set eth0 name renamed");
        namespaces.kernel.undo(restored("eth0"));
        assertThat(sandbox.run("ip -o link")).contains(" mine@").doesNotContain("renamed");
        namespaces.kernel.undo(restored("eth0"));
    }

    @Test
    void of_several_with_one_MAC_address_the_alias_tells_which_it_is() {
        namespaces.inHost("ip link add other up type veth peer other1; ip link add link other name first address " + MAC
                + " netns " + name() + " type macvlan mode bridge");
        sandbox.run("ip link set first alias 'weft endpoint 9'");
        restore("lan7");
        assertThat(namespaces.kernel.nameInSandbox(PinnedSandbox.PATH, ALIAS, MAC))
                .hasValue("lan7");
        assertThat(namespaces.kernel.nameInSandbox(PinnedSandbox.PATH, "weft endpoint 9", MAC))
                .hasValue("first");
        sandbox.run("ip link set lan7 alias ''; ip link del first");
        assertThat(namespaces.kernel.nameInSandbox(PinnedSandbox.PATH, ALIAS, MAC))
                .hasValue("lan7");
    }
}
