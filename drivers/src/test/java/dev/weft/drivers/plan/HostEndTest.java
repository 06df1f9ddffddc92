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

/// IPv6 of the link by which the host is in a network.
@Tag("kernel")
@DisplayNameGeneration(ReplaceUnderscores.class)
class HostEndTest {
    private static final MacAddress MAC = MacAddress.parse("02:77:0a:01:00:01");
    private static final String ALIAS = "weft host 1";
    private static final String SETTINGS = "/proc/sys/net/ipv6/conf/";

    private TwoNamespaces namespaces;

    @BeforeEach
    void open() throws Exception {
        namespaces = TwoNamespaces.make();
    }

    @AfterEach
    void close() {
        if (namespaces != null) {
            namespaces.close();
        }
    }

    private static Plan access(String... addresses) {
        return access(1450, addresses);
    }

    private static Plan access(int mtu, String... addresses) {
        return Plan.of(
                new Step.CreateBridge("br-1", mtu, "weft network 1"),
                new Step.CreateVeth("vhost-1", "whost-1", MAC, mtu, ALIAS, true),
                new Step.AttachPort("vhost-1", "br-1", mtu, false, ALIAS),
                new Step.AddressHostEnd(
                        "whost-1",
                        MAC,
                        mtu,
                        Stream.of(addresses).map(Cidr::parse).toList(),
                        ALIAS));
    }

    private List<Step> missing(Plan plan) {
        var view = namespaces.kernel.view();
        return plan.steps().stream().filter(step -> !view.holds(step)).toList();
    }

    @Test
    void it_believes_nothing_that_containers_tell_of_routers_whatever_the_hosts_default_is() {
        namespaces.inHost("echo 2 > " + SETTINGS + "default/accept_ra; echo 1 > " + SETTINGS + "default/autoconf");
        access("10.1.0.1/24", "fd01::1/64").applyTo(namespaces.kernel);
        assertThat(namespaces.inHost("cd " + SETTINGS + "whost-1; cat accept_ra autoconf disable_ipv6"))
                .isEqualTo("0\n0\n0\n");
    }

    @Test
    void where_the_host_has_turned_IPv6_off_the_network_has_it_all_the_same() {
        namespaces.inHost("echo 1 > " + SETTINGS + "all/disable_ipv6");
        var plan = access("10.1.0.1/24", "fd01::1/64");
        plan.applyTo(namespaces.kernel);
        assertThat(missing(plan)).isEmpty();
        assertThat(namespaces.inHost("ip -o addr show whost-1")).contains("10.1.0.1/24", "fd01::1/64");
        namespaces.inHost("echo 0 > " + SETTINGS + "all/disable_ipv6; echo 1 > " + SETTINGS + "all/disable_ipv6");
        assertThat(plan.applyTo(namespaces.kernel)).containsExactly(plan.steps().getLast());
        assertThat(missing(plan)).isEmpty();
        assertThat(namespaces.inHost("ip -o addr show whost-1")).contains("fd01::1/64");
    }

    @Test
    void without_an_IPv6_address_it_has_no_IPv6() {
        var plan = access("10.1.0.1/24");
        plan.applyTo(namespaces.kernel);
        assertThat(missing(plan)).isEmpty();
        assertThat(namespaces.inHost("ip -o addr show whost-1"))
                .contains("10.1.0.1/24")
                .doesNotContain("inet6");
        namespaces.inHost("echo 0 > " + SETTINGS + "whost-1/disable_ipv6");
        assertThat(plan.applyTo(namespaces.kernel)).containsExactly(plan.steps().getLast());
        assertThat(namespaces.inHost("ip -o addr show whost-1")).doesNotContain("inet6");
    }

    @Test
    void with_an_MTU_below_that_of_IPv6_the_link_has_no_such_settings() {
        var plan = access(1000, "10.1.0.1/24");
        plan.applyTo(namespaces.kernel);
        assertThat(missing(plan)).isEmpty();
        assertThat(namespaces.inHost("ls " + SETTINGS)).doesNotContain("whost-1");
    }
}
