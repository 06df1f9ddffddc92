package dev.weft.system;

import dev.weft.lab.Host;
import java.util.List;

/// The fabric namespace of a host, seen with ip(8).
record Fabric(Host host) {
    /// Names of all links but the loopback.
    List<String> links() {
        return host.sh("ip netns exec weft ip -o link")
                .ok()
                .out()
                .lines()
                .map(line -> line.split(": ")[1].split("@")[0])
                .filter(name -> !name.equals("lo"))
                .toList();
    }

    /// The name of the one bridge.
    String bridge() {
        return links().stream()
                .filter(name -> name.startsWith("br-"))
                .findFirst()
                .orElseThrow();
    }

    /// Names of the ports of a bridge.
    List<String> ports(String bridge) {
        return host.sh("ip netns exec weft ls /sys/class/net/" + bridge + "/brif")
                .out()
                .lines()
                .toList();
    }

    /// Everything that ip(8) tells of a link.
    String shown(String link) {
        return host.sh("ip netns exec weft ip -d link show " + link).ok().out();
    }

    void ip(String arguments) {
        host.sh("ip netns exec weft ip " + arguments).ok();
    }
}
