package dev.weft.drivers.vxlan;

import dev.weft.drivers.mode.NetworkOptions;
import dev.weft.drivers.options.Option;
import dev.weft.drivers.options.OptionReader;
import dev.weft.drivers.options.Rate;
import java.util.List;
import java.util.Map;
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
    private static final List<Option> ALL =
            List.of(VxlanOptions.INGRESS_RATE, VxlanOptions.EGRESS_RATE, NetworkOptions.INTERFACE_NAME);

    /// @throws dev.weft.plugin.Refusal with every mistake
    static VxlanEndpointOptions parse(Map<String, String> raw) {
        var reader = new OptionReader(raw, ALL);
        var options = new VxlanEndpointOptions(
                reader.rate(VxlanOptions.INGRESS_RATE),
                reader.rate(VxlanOptions.EGRESS_RATE),
                NetworkOptions.interfaceName(reader));
        reader.check("cannot connect the container");
        return options;
    }
}
