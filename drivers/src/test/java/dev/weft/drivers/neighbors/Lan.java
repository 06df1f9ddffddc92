package dev.weft.drivers.neighbors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.netlink.Address;
import dev.weft.netlink.Bridge;
import dev.weft.netlink.Errno;
import dev.weft.netlink.Link;
import dev.weft.netlink.LinkChange;
import dev.weft.netlink.LinkSpec;
import dev.weft.netlink.Netlink;
import dev.weft.netlink.NetlinkException;
import dev.weft.netlink.NetworkNamespace;
import dev.weft.netlink.PacketFilter;
import dev.weft.netlink.PacketSocket;
import dev.weft.netlink.Veth;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// A switch and the stations on it, each a network namespace without a name, which ends with its last descriptor.
final class Lan implements AutoCloseable {
    private final Station theSwitch;
    private final List<Station> stations = new ArrayList<>();

    private Lan(Station theSwitch) {
        this.theSwitch = theSwitch;
        stations.add(theSwitch);
    }

    static Lan make() throws Exception {
        assumeTrue(
                "root".equals(System.getProperty("user.name")), "making network namespaces needs root; run with sudo");
        var lan = new Lan(new Station(unnamed()));
        lan.theSwitch.netlink.add(LinkSpec.of("br0", Bridge.defaults()).up());
        return lan;
    }

    /// Another station, whose link `eth0` is up. Its addresses are usable at once.
    ///
    /// @param name of the switch's port
    Station station(String name, String mac, String... addresses) throws Exception {
        var station = new Station(unnamed());
        stations.add(station);
        plug(station, name, mac);
        for (String address : addresses) {
            station.add("eth0", address);
        }
        return station;
    }

    /// A cable from the switch to a station's `eth0`.
    void plug(Station station, String name, String mac) {
        theSwitch.netlink.add(LinkSpec.of(
                        name,
                        new Veth(LinkSpec.peer("eth0")
                                .namespace(station.namespace)
                                .address(MacAddress.parse(mac))
                                .up()))
                .master(theSwitch.link("br0").index())
                .up());
    }

    /// The station at that port has no carrier any more.
    void disable(String port) {
        theSwitch.netlink.set(theSwitch.link(port).index(), LinkChange.none().down());
    }

    /// By which port the switch would send to a station.
    String portOf(String mac) {
        var address = MacAddress.parse(mac);
        return theSwitch.netlink.fdb().stream()
                .filter(entry -> entry.mac().equals(address))
                .map(entry ->
                        theSwitch.netlink.link(entry.index()).orElseThrow().name())
                .findFirst()
                .orElse("");
    }

    /// The namespace of a process that only lives until we hold it.
    static NetworkNamespace unnamed() throws Exception {
        var process = new ProcessBuilder("unshare", "--net", "sh", "-c", "echo ready; cat").start();
        try {
            process.getInputStream().read();
            return NetworkNamespace.at(Path.of("/proc", Long.toString(process.pid()), "ns/net"));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /// A computer on the LAN.
    static final class Station implements AutoCloseable {
        final NetworkNamespace namespace;
        final Netlink netlink;

        Station(NetworkNamespace namespace) {
            this.namespace = namespace;
            this.netlink = Netlink.open(namespace);
        }

        /// By which anybody enters the namespace while this process holds it.
        Path path() {
            return Path.of("/proc", Long.toString(ProcessHandle.current().pid()), "fd", "" + namespace.descriptor());
        }

        Link link(String link) {
            return netlink.link(link).orElseThrow();
        }

        void add(String link, String address) {
            netlink.addAddress(
                    Address.of(link(link).index(), Cidr.parse(address)).withoutDuplicateDetection());
        }

        /// What a person types there.
        String run(String command) {
            try {
                var process = new ProcessBuilder("nsenter", "--net=" + path(), "sh", "-ec", command)
                        .redirectErrorStream(true)
                        .start();
                var output = new String(process.getInputStream().readAllBytes(), UTF_8);
                assertThat(process.waitFor()).as("%s: %s", command, output).isZero();
                return output;
            } catch (Exception failure) {
                throw new AssertionError("cannot run " + command, failure);
            }
        }

        /// Who has an address, as this station believes.
        String neighbor(String address) {
            return netlink.neighbors().stream()
                    .filter(entry ->
                            entry.address().equals(Cidr.parse(address + "/0").address()))
                    .map(entry -> String.valueOf(entry.mac()))
                    .findFirst()
                    .orElse("");
        }

        PacketSocket listen() {
            var socket = PacketSocket.open(
                    namespace, Set.of(PacketSocket.ARP, PacketSocket.IPV6), PacketFilter.NEIGHBOR_MESSAGES);
            socket.attach(link("eth0").index());
            return socket;
        }

        void send(NeighborMessage message) {
            try (var socket = listen()) {
                socket.send(link("eth0").index(), message.toFrame());
            } catch (NetlinkException failure) {
                assertThat(failure.is(Errno.ENOBUFS)).as("%s", failure).isTrue(); // it just came up
            }
        }

        @Override
        public void close() {
            netlink.close();
            namespace.close();
        }
    }

    @Override
    public void close() {
        stations.forEach(Station::close);
    }
}
