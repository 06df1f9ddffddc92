package dev.weft.examples.ipamfile;

import dev.weft.inet.Subnet;
import dev.weft.plugin.PoolRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// One pool as a person would keep it on paper: everybody who holds an address is a name on a list.
///
/// @param subnet    with its length
/// @param range     or the subnet
/// @param addresses of the subnet that a container can have
/// @param choices   of these, those of the range
/// @param networks  one entry for each
/// @param chosen    addresses that nobody named
/// @param named     addresses that somebody named, one entry for each time
record Oracle(
        String space,
        String subnet,
        String range,
        List<String> addresses,
        List<String> choices,
        List<String> networks,
        List<String> chosen,
        List<String> named) {
    /// Two ranges of one subnet, the same in another space, a subnet that clashes with the first two, and IPv6.
    static List<Oracle> some() {
        return List.of(
                of("local", "10.0.0.0/28", "10.0.0.0/28", ipv4(1, 14), ipv4(1, 14)),
                of("local", "10.0.0.0/28", "10.0.0.8/30", ipv4(1, 14), ipv4(8, 11)),
                of("global", "10.0.0.0/28", "10.0.0.0/28", ipv4(1, 14), ipv4(1, 14)),
                of("local", "10.0.0.0/29", "10.0.0.0/29", ipv4(1, 6), ipv4(1, 6)),
                of("local", "fd00::/125", "fd00::/125", ipv6(1, 7), ipv6(1, 7)));
    }

    private static Oracle of(String space, String subnet, String range, List<String> addresses, List<String> choices) {
        return new Oracle(
                space, subnet, range, addresses, choices, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    private static List<String> ipv4(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(n -> "10.0.0." + n).toList();
    }

    private static List<String> ipv6(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(n -> "fd00::" + n).toList();
    }

    String id() {
        return space + "/" + subnet + (range.equals(subnet) ? "" : "/" + range);
    }

    PoolRequest request() {
        return new PoolRequest(space, Subnet.parse(subnet), Subnet.parse(range), Map.of(), false);
    }

    String requestPool(List<Oracle> all) {
        boolean clashes = all.stream()
                .anyMatch(other -> !other.networks.isEmpty()
                        && other.space.equals(space)
                        && !other.subnet.equals(subnet)
                        && other.addresses.stream().anyMatch(addresses::contains));
        if (clashes) {
            return "refused";
        }
        networks.add("one more");
        return id();
    }

    void releasePool() {
        if (!networks.isEmpty()) {
            networks.removeLast();
        }
        if (networks.isEmpty()) {
            chosen.clear();
            named.clear();
        }
    }

    String choose(List<Oracle> all) {
        if (networks.isEmpty()) {
            return "refused";
        }
        for (var address : choices) {
            if (!isGiven(address, all)) {
                chosen.add(address);
                return address + length();
            }
        }
        return "refused";
    }

    String name(String address, List<Oracle> all) {
        if (networks.isEmpty() || (!named.contains(address) && isGiven(address, all))) {
            return "refused";
        }
        named.add(address);
        return address + length();
    }

    void release(String address) {
        chosen.remove(address);
        named.remove(address);
    }

    private boolean isGiven(String address, List<Oracle> all) {
        return all.stream()
                .anyMatch(other ->
                        other.space.equals(space) && (other.chosen.contains(address) || other.named.contains(address)));
    }

    private String length() {
        return subnet.substring(subnet.indexOf('/'));
    }
}
