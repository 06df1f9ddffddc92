package dev.weft.drivers.vxlan;

import dev.weft.drivers.options.Option;
import dev.weft.drivers.options.OptionReader;
import dev.weft.drivers.options.Rate;
import dev.weft.netlink.LinkName;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The `--driver-opt` pairs of an endpoint of a vxlan network.
///
/// @param ingressRate   what may go to the container; null: as the network says
/// @param egressRate    what may come from the container; null: as the network says
/// @param interfaceName what its link in the container shall be called; null: eth0 or the next free
record VxlanEndpointOptions(
        @Nullable Rate ingressRate,
        @Nullable Rate egressRate,
        @Nullable String interfaceName) {
    /// Engine 28 knows the option too, and tells the name to its own drivers only.
    static final Option INTERFACE_NAME = new Option(
            VxlanMode.INTERFACE_NAME,
            Set.of(Option.Place.ENDPOINT),
            "name",
            "eth0 or the next free",
            "1 to 15 bytes",
            "all",
            "0.1");

    static final List<Option> ALL = List.of(VxlanOptions.INGRESS_RATE, VxlanOptions.EGRESS_RATE, INTERFACE_NAME);

    /// @throws dev.weft.plugin.Refusal with every mistake
    static VxlanEndpointOptions parse(Map<String, String> raw) {
        var reader = new OptionReader(raw, ALL);
        var options = new VxlanEndpointOptions(
                reader.rate(VxlanOptions.INGRESS_RATE),
                reader.rate(VxlanOptions.EGRESS_RATE),
                reader.value(INTERFACE_NAME, VxlanEndpointOptions::linkName));
        reader.check("cannot connect the container");
        return options;
    }

    private static String linkName(String text) {
        LinkName.check(text);
        return text;
    }
}
