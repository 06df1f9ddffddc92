package dev.weft.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weft.inet.Cidr;
import dev.weft.inet.Subnet;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.List;
import java.util.stream.Stream;

/// The subnets of a network as one text: `10.1.0.0/24 via 10.1.0.1/24 host 10.1.0.9/24 of weft-local, fd00::/64
/// of LocalDefault`.
final class SubnetList {
    private static final String COMMA = ", ";
    private static final String VIA = " via ";
    private static final String HOST = " host ";
    private static final String OF = " of ";

    private SubnetList() {}

    static String write(List<NetworkSubnet> subnets) {
        return String.join(COMMA, subnets.stream().map(SubnetList::write).toList());
    }

    private static String write(NetworkSubnet subnet) {
        return subnet.subnet()
                + (subnet.gateway() == null ? "" : VIA + subnet.gateway())
                + (subnet.hostAddress() == null ? "" : HOST + subnet.hostAddress())
                + OF
                + URLEncoder.encode(subnet.addressSpace(), UTF_8);
    }

    /// @throws IllegalArgumentException if it is not what [#write] writes
    static List<NetworkSubnet> read(String text) {
        if (text.isEmpty()) {
            return List.of();
        }
        var subnets = Stream.of(text.split(COMMA, -1)).map(SubnetList::subnet).toList();
        if (!write(subnets).equals(text)) {
            throw new IllegalArgumentException("'" + text + "' has more than the subnets of a network");
        }
        return subnets;
    }

    private static NetworkSubnet subnet(String text) {
        int of = text.indexOf(OF);
        if (of < 0) {
            throw new IllegalArgumentException("'" + text + "' is no subnet of a network");
        }
        var parts = text.substring(0, of).split(HOST, -1);
        var words = parts[0].split(VIA, -1);
        return new NetworkSubnet(
                Subnet.parse(words[0]),
                words.length > 1 ? Cidr.parse(words[1]) : null,
                URLDecoder.decode(text.substring(of + OF.length()), UTF_8),
                parts.length > 1 ? Cidr.parse(parts[1]) : null);
    }
}
