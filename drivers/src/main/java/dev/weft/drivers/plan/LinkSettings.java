package dev.weft.drivers.plan;

import dev.weft.netlink.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// What a link does with ARP and IPv6 of its own accord: files under `/proc/sys/net` of its namespace, by family and
/// name. Those of IPv6 are not there where the kernel has no IPv6, or the link's MTU is below IPv6's.
final class LinkSettings {
    private static final Path SETTINGS = Path.of("/proc/sys/net");
    private static final String DISABLE_IPV6 = "ipv6/disable_ipv6";

    private LinkSettings() {}

    /// Without addresses a link has no IPv6 at all, as engines have it.
    static Map<String, String> ofLink(boolean hasAddresses) {
        return Map.of(DISABLE_IPV6, hasAddresses ? "0" : "1");
    }

    /// Of a link of the host's in a network of containers. What they tell of routers and prefixes is not believed
    /// (CVE-2020-13401 was that with Docker's own bridges). On a LAN the others there do not
    /// take it for the host's link: they would keep its MAC address when it is gone.
    static Map<String, String> ofHostEnd(boolean hasAddresses) {
        return Map.of(
                "ipv4/arp_filter",
                "1",
                "ipv6/accept_ra",
                "0",
                "ipv6/autoconf",
                "0",
                DISABLE_IPV6,
                hasAddresses ? "0" : "1");
    }

    /// Of a bridge that answers who asks for addresses on other hosts, and says nothing itself: without IPv6 it would
    /// know no IPv6 neighbors.
    static Map<String, String> ofAnsweringBridge() {
        return Map.of("ipv6/accept_ra", "0", "ipv6/addr_gen_mode", "1", DISABLE_IPV6, "0");
    }

    /// Whether those that the link has are so.
    static boolean hold(NetworkNamespace namespace, String link, Map<String, String> wanted) {
        return namespace.call(() -> {
            try {
                return otherwise(link, wanted).isEmpty();
            } catch (IOException goneMeanwhile) {
                return false;
            }
        });
    }

    /// Writes those that the link has and that are not so.
    static void set(NetworkNamespace namespace, String link, Map<String, String> wanted) throws IOException {
        namespace.<Boolean, IOException>call(() -> {
            for (var setting : otherwise(link, wanted).entrySet()) {
                Files.writeString(file(link, setting.getKey()), setting.getValue());
            }
            return true;
        });
    }

    /// In the order in which they are to be written: who may speak first, then that the link speaks.
    private static Map<String, String> otherwise(String link, Map<String, String> wanted) throws IOException {
        var otherwise = new TreeMap<String, String>();
        for (var setting : wanted.entrySet()) {
            var file = file(link, setting.getKey());
            if (Files.exists(file) && !Files.readString(file).strip().equals(setting.getValue())) {
                otherwise.put(setting.getKey(), setting.getValue());
            }
        }
        return otherwise;
    }

    /// @param setting such as `ipv6/disable_ipv6`
    private static Path file(String link, String setting) {
        int slash = setting.indexOf('/');
        return SETTINGS.resolve(setting.substring(0, slash), "conf", link, setting.substring(slash + 1));
    }
}
