package dev.weft.ipam;

import dev.weft.inet.AddressText;
import dev.weft.inet.Subnet;
import dev.weft.plugin.Refusal;
import java.net.InetAddress;
import java.util.List;

/// What must hold of the subnets and addresses that a person names. What does not hold is a [Refusal].
public final class SubnetCheck {
    public record Special(Subnet subnet, String meaning) {
        Special(String subnet, String meaning) {
            this(Subnet.parse(subnet), meaning);
        }
    }

    /// No link of a container can have them (RFC 6890, RFC 5771, RFC 4291), or every link has them already (fe80::/10).
    public static final List<Special> SPECIAL = List.of(
            new Special("0.0.0.0/8", "reserved"),
            new Special("127.0.0.0/8", "each host's own loopback"),
            new Special("224.0.0.0/4", "multicast"),
            new Special("255.255.255.255/32", "broadcast"),
            new Special("::/127", "each host's own loopback"),
            new Special("fe80::/10", "what every link has by itself"),
            new Special("ff00::/8", "multicast"));

    private SubnetCheck() {}

    static void subnet(Subnet subnet) {
        for (var special : SPECIAL) {
            if (subnet.overlaps(special.subnet())) {
                throw new Refusal("--subnet " + subnet
                        + (subnet.equals(special.subnet()) ? " is " : " overlaps " + special.subnet() + ", which is ")
                        + special.meaning() + "; give one for containers, such as "
                        + (subnet.isIpv4() ? "10.5.0.0/24." : "fd00:5::/64."));
            }
        }
    }

    static void range(Subnet subnet, Subnet range) {
        if (!subnet.contains(range.address()) || range.prefixLength() < subnet.prefixLength()) {
            throw new Refusal("--ip-range " + range + " is not within --subnet " + subnet + "; give a part of it, or"
                    + " leave it out to have addresses from the whole subnet.");
        }
    }

    /// @param pool whose addresses a container or gateway can have
    static void address(AddressPool pool, InetAddress address) {
        if (pool.isUsable(address)) {
            return;
        }
        var subnet = pool.subnet();
        var text = AddressText.of(address);
        if (!subnet.contains(address)) {
            throw new Refusal("address " + text + " is not in subnet " + subnet + "; give one that is.");
        }
        var what = address.equals(subnet.address())
                ? subnet.isIpv4() ? "the network itself" : "the anycast address of all routers (RFC 4291)"
                : "the broadcast address";
        throw new Refusal(
                "address " + text + " means " + what + " in subnet " + subnet + "; give another one of the subnet.");
    }
}
