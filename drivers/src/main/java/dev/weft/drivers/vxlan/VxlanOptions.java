package dev.weft.drivers.vxlan;

import static dev.weft.drivers.mode.NetworkOptions.HOST_ACCESS;
import static dev.weft.drivers.mode.NetworkOptions.MODE;
import static dev.weft.drivers.mode.NetworkOptions.MTU;
import static dev.weft.drivers.mode.NetworkOptions.SCOPE;
import static dev.weft.drivers.mode.NetworkOptions.SHARED;
import static dev.weft.drivers.mode.NetworkOptions.SINCE;
import static dev.weft.drivers.options.Option.Place.ENDPOINT;
import static dev.weft.drivers.options.Option.Place.NETWORK;

import dev.weft.drivers.mode.NetworkOptions;
import dev.weft.drivers.options.Option;
import dev.weft.drivers.options.OptionReader;
import dev.weft.drivers.options.Rate;
import dev.weft.drivers.options.Routes;
import dev.weft.inet.Subnet;
import dev.weft.plugin.StaticRoute;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Options of `docker network create -d weft [-o mode=vxlan] -o …`, checked once and then trusted.
///
/// @param mtu         bytes of an IP packet inside the network; 0 where none was given
/// @param isolated    whether its containers cannot reach each other
/// @param hostAccess  whether the host has the gateway's address in the network
/// @param ingressRate what may go to each container; null for no limit
/// @param egressRate  what may come from each container; null for no limit
/// @param routes      for each container
/// @param vni         VXLAN network identifier; 0 where none was given
/// @param flood       whether frames to unknown stations and broadcasts go to other hosts
record VxlanOptions(
        int mtu,
        boolean isolated,
        boolean hostAccess,
        @Nullable Rate ingressRate,
        @Nullable Rate egressRate,
        List<StaticRoute> routes,
        int vni,
        boolean flood) {
    private static final int LARGEST_VNI = (1 << 24) - 1;

    private static final Option ICC = new Option(
            "com.docker.network.bridge.enable_icc", Set.of(NETWORK), "true or false", "true", "-", "vxlan", SINCE);
    static final Option INGRESS_RATE = new Option(
            "ingress_rate", Set.of(NETWORK, ENDPOINT), "rate", "no limit", "bit/s to the container", "vxlan", SINCE);
    static final Option EGRESS_RATE = new Option(
            "egress_rate", Set.of(NETWORK, ENDPOINT), "rate", "no limit", "bit/s from the container", "vxlan", SINCE);
    private static final Option ROUTES =
            new Option("routes", Set.of(NETWORK), "SUBNET via ADDRESS, …", "none", "-", "vxlan", SINCE);

    static final Option VNI =
            new Option("vni", Set.of(NETWORK), "number", "one that no other has", "1 to 16777215", "vxlan", SINCE);
    private static final Option FLOOD =
            new Option("flood", Set.of(NETWORK), "true or false", "true", "-", "vxlan", SINCE);

    /// Those that other modes do not have.
    static final List<Option> OWN = List.of(ICC, INGRESS_RATE, EGRESS_RATE, ROUTES, VNI, FLOOD);

    private static final List<Option> ALL = Stream.concat(
                    Stream.of(MODE, MTU, HOST_ACCESS, SCOPE, SHARED), OWN.stream())
            .toList();

    /// Reads the options of a network that is about to be made.
    ///
    /// @param subnets of the network
    /// @throws dev.weft.plugin.Refusal with every mistake
    static VxlanOptions parse(Map<String, String> raw, List<Subnet> subnets, Underlay underlay) {
        var reader = new OptionReader(raw, ALL);
        var options = read(reader);
        boolean ipv6 = subnets.stream().anyMatch(subnet -> !subnet.isIpv4());
        int mtu = checkedMtu(options.mtu, NetworkOptions.smallestMtu(ipv6), reader, underlay);
        if (reader.has(ROUTES)) {
            Routes.problem(options.routes, subnets).ifPresent(problem -> reader.problem(ROUTES, problem));
        }
        if (reader.has(VNI) && (options.vni < 1 || options.vni > LARGEST_VNI)) {
            reader.problem(VNI, "give a number from 1 to " + LARGEST_VNI);
        }
        NetworkOptions.checkSharing(reader);
        reader.check("cannot create the network");
        return new VxlanOptions(
                mtu,
                options.isolated,
                options.hostAccess,
                options.ingressRate,
                options.egressRate,
                options.routes,
                options.vni,
                options.flood);
    }

    private static int checkedMtu(int given, int smallest, OptionReader reader, Underlay underlay) {
        int largest = underlay.insideMtu();
        if (reader.has(MTU)) {
            if (given < smallest || given > largest) {
                reader.problem(
                        MTU,
                        "it is the MTU inside the network, from " + smallest + " to " + largest + " on this host ("
                                + underlay + ")");
            }
            return given;
        }
        if (largest < smallest) {
            reader.problem(underlay + " leaves " + largest + " bytes inside the network, and IP needs " + smallest);
        }
        return largest;
    }

    /// Of a network on record.
    static VxlanOptions recorded(Map<String, String> raw) {
        return read(new OptionReader(raw, ALL));
    }

    private static VxlanOptions read(OptionReader reader) {
        return new VxlanOptions(
                reader.number(MTU),
                !reader.flag(ICC, true),
                reader.flag(HOST_ACCESS, false),
                reader.rate(INGRESS_RATE),
                reader.rate(EGRESS_RATE),
                reader.routes(ROUTES),
                reader.number(VNI),
                reader.flag(FLOOD, true));
    }
}
