package dev.weft.ipam;

import static java.util.stream.Collectors.joining;

import dev.weft.inet.Subnet;
import dev.weft.plugin.Refusal;
import java.math.BigInteger;
import java.util.List;
import java.util.OptionalInt;

/// Which subnet a network gets that names none: the first free one of the first range that has one.
///
/// @param setting the configuration's name for the ranges
record SubnetChoice(String setting, List<PoolRange> ranges) {
    SubnetChoice {
        ranges = List.copyOf(ranges);
    }

    /// @param prefixLength instead of that of the ranges
    /// @throws Refusal if no range can have such subnets, or if none is free
    Subnet choose(boolean ipv6, OptionalInt prefixLength, Taken taken) {
        var family = ipv6 ? "IPv6" : "IPv4";
        var configured =
                ranges.stream().filter(range -> range.base().isIpv4() != ipv6).toList();
        if (configured.isEmpty()) {
            throw new Refusal("no " + family + " subnet can be chosen, because " + setting + " has no " + family
                    + " range; name one with --subnet, or add a range there.");
        }
        var fitting = prefixLength.isPresent() ? divided(configured, prefixLength.getAsInt(), family) : configured;
        var all = taken.all();
        return fitting.stream()
                .flatMap(range -> range.firstFree(all).stream())
                .findFirst()
                .orElseThrow(() -> new Refusal("no " + family + " subnet is free in "
                        + fitting.stream()
                                .map(range -> range + " (" + size(range) + "; overlapped by "
                                        + taken.inTheWayOf(range.base()) + ")")
                                .collect(joining(" or in "))
                        + "; name one with --subnet, remove networks that are not used, or add a range to " + setting
                        + "."));
    }

    private static List<PoolRange> divided(List<PoolRange> configured, int prefixLength, String family) {
        var fitting = configured.stream()
                .filter(range -> range.base().prefixLength() <= prefixLength && prefixLength <= bits(range.base()))
                .map(range -> new PoolRange(range.base(), prefixLength))
                .toList();
        if (fitting.isEmpty()) {
            throw new Refusal("no " + family + " subnet of /" + prefixLength + " (--ipam-opt prefix_length) is within "
                    + configured.stream().map(range -> range.base().toString()).collect(joining(" or "))
                    + "; give a length of " + shortest(configured) + " to "
                    + bits(configured.getFirst().base())
                    + ", or name the " + family + " subnet with --subnet.");
        }
        return fitting;
    }

    private static int shortest(List<PoolRange> ranges) {
        return ranges.stream()
                .mapToInt(range -> range.base().prefixLength())
                .min()
                .orElseThrow();
    }

    private static int bits(Subnet subnet) {
        return subnet.address().getAddress().length * Byte.SIZE;
    }

    /// `1 subnet`, `4096 subnets`.
    private static String size(PoolRange range) {
        var size = BigInteger.ONE.shiftLeft(range.prefixLength() - range.base().prefixLength());
        return size + (size.equals(BigInteger.ONE) ? " subnet" : " subnets");
    }
}
