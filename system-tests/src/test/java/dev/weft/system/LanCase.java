package dev.weft.system;

import java.util.List;
import java.util.stream.Stream;

/// A network on a LAN, with one or two containers, as a person would ask Docker's own driver for it.
///
/// @param mode    `macvlan` or `ipvlan`, which is also the name of Docker's own driver
/// @param network options of `docker network create`, the same for both drivers
/// @param one     options of `docker run` for the first container
/// @param two     likewise for the second; `none` if there is no second one
/// @param asks    whom the first container is to reach, or not, beside those whom it asks in each case
record LanCase(String name, String mode, String network, String one, String two, List<String> asks) {
    static final String ON_ETH0 = "-o parent=eth0 --subnet 10.77.0.0/24";
    static final String ON_THE_LAN = ON_ETH0 + " --gateway 10.77.0.254";
    private static final String ONE = "--ip 10.77.0.101";
    private static final String TWO = "--ip 10.77.0.102";
    private static final String ONE_OF_BOTH = ONE + " --ip6 fd77::101";
    private static final String TWO_OF_BOTH = TWO + " --ip6 fd77::102";

    private static LanCase macvlan(String name, String network) {
        return new LanCase(name, "macvlan", network, ONE, TWO, List.of());
    }

    private static LanCase ipvlan(String name, String network) {
        return new LanCase(name, "ipvlan", network, ONE, TWO, List.of());
    }

    private LanCase with(String first, String second) {
        return new LanCase(name, mode, network, first, second, asks);
    }

    private LanCase asking(String... addresses) {
        return new LanCase(name, mode, network, one, two, List.of(addresses));
    }

    /// Those that this machine's own kernel has.
    static Stream<LanCase> macvlan() {
        return Stream.of(
                macvlan("bridge", ON_THE_LAN),
                macvlan("private", ON_THE_LAN + " -o macvlan_mode=private"),
                macvlan("vepa", ON_THE_LAN + " -o macvlan_mode=vepa"),
                macvlan("passthru", "-o parent=p0 -o macvlan_mode=passthru --subnet 10.66.0.0/24 --gateway 10.66.0.254")
                        .with("--ip 10.66.0.101", "none")
                        .asking("10.66.0.254"),
                macvlan("internal", ON_THE_LAN + " --internal"),
                macvlan("both families", ON_THE_LAN + " --ipv6 --subnet fd77::/64 --gateway fd77::fe")
                        .with(ONE_OF_BOTH, TWO_OF_BOTH),
                macvlan("two subnets", ON_THE_LAN + " --subnet 10.78.0.0/24 --gateway 10.78.0.254")
                        .with(ONE, "--ip 10.78.0.102"),
                macvlan("second subnet", ON_THE_LAN + " --subnet 10.78.0.0/24 --gateway 10.78.0.254")
                        .with("--ip 10.78.0.101", "--ip 10.78.0.102")
                        .asking("10.78.0.254"),
                macvlan("no gateway given", ON_ETH0),
                macvlan("internal without a gateway", ON_ETH0 + " --internal"),
                macvlan("a range", ON_THE_LAN + " --ip-range 10.77.0.128/28 --aux-address other=10.77.0.129")
                        .with("", ""),
                macvlan("MAC addresses", ON_THE_LAN)
                        .with(ONE + " --mac-address 02:00:00:00:01:01", TWO + " --mac-address 02:00:00:00:01:02"),
                macvlan("an MTU", ON_THE_LAN + " -o com.docker.network.driver.mtu=1400"),
                macvlan("no such parent", "-o parent=eth7"),
                macvlan("the loopback", "-o parent=lo"),
                macvlan("no such mode", ON_THE_LAN + " -o macvlan_mode=other"));
    }

    /// Those that need another kernel, in which one takes a minute.
    static Stream<LanCase> ofOtherKernels(boolean all) {
        return Stream.concat(
                Stream.of(ipvlan("l2", ON_THE_LAN + " -o ipvlan_mode=l2")), all ? moreOfOtherKernels() : Stream.of());
    }

    private static Stream<LanCase> moreOfOtherKernels() {
        return Stream.of(
                ipvlan("l3", "-o parent=d3 -o ipvlan_mode=l3 --subnet 10.60.0.0/24 --ipv6 --subnet fd60::/64")
                        .with("--ip 10.60.0.101 --ip6 fd60::101", "--ip 10.60.0.102 --ip6 fd60::102"),
                ipvlan("a VLAN", "-o parent=eth0.20 --subnet 10.79.0.0/24 --gateway 10.79.0.254")
                        .with("--ip 10.79.0.101", "--ip 10.79.0.102")
                        .asking("10.79.0.254"),
                ipvlan("l2, both families", ON_THE_LAN + " --ipv6 --subnet fd77::/64 --gateway fd77::fe")
                        .with(ONE_OF_BOTH, TWO_OF_BOTH),
                ipvlan("l2, internal", ON_THE_LAN + " --internal"),
                ipvlan("l3s", "-o parent=d3 -o ipvlan_mode=l3s --subnet 10.60.0.0/24")
                        .with("--ip 10.60.0.101", "--ip 10.60.0.102"),
                ipvlan("private", ON_THE_LAN + " -o ipvlan_flag=private"),
                ipvlan("vepa", ON_THE_LAN + " -o ipvlan_flag=vepa"),
                ipvlan("a MAC address", ON_THE_LAN).with(ONE + " --mac-address 02:00:00:00:01:01", "none"),
                ipvlan("no parent", "--subnet 10.65.0.0/24").with("--ip 10.65.0.101", "--ip 10.65.0.102"),
                macvlan("no parent", "--subnet 10.65.0.0/24").with("--ip 10.65.0.101", "--ip 10.65.0.102"),
                macvlan("a VLAN", "-o parent=eth0.20 --subnet 10.79.0.0/24 --gateway 10.79.0.254")
                        .with("--ip 10.79.0.101", "--ip 10.79.0.102")
                        .asking("10.79.0.254"));
    }

    @Override
    public String toString() {
        return mode + ": " + name;
    }
}
