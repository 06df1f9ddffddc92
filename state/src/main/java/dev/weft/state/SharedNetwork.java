package dev.weft.state;

import static java.util.Objects.requireNonNull;

import dev.weft.json.Json;
import dev.weft.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A network of the cluster, the same on every host.
///
/// @param id       the cluster's, 16 hexadecimal digits
/// @param name     as engines have it
/// @param mode     which driver carries it, `vxlan`
/// @param vni      VXLAN network identifier, 1 to 2^24 - 1; 0 in a mode that has none
/// @param mtu      bytes of an IP packet inside the network, on all hosts
/// @param options  the `-o` pairs of `docker network create`, as given
/// @param labels   of the network, which engines keep
/// @param creator  id of the host on which it was created
/// @param removed  whether it is gone, on all hosts
public record SharedNetwork(
        String id,
        String name,
        String mode,
        int vni,
        int mtu,
        boolean internal,
        List<NetworkSubnet> subnets,
        Map<String, String> options,
        Map<String, String> labels,
        String creator,
        boolean removed)
        implements StateRecord {
    /// Among the options of a network on a host's engine: the id of that of the cluster which it is.
    public static final String OPTION = "weft.network";

    private static final int LARGEST_VNI = (1 << 24) - 1;
    private static final int LARGEST_MTU = 65_535;

    public SharedNetwork {
        requireNonNull(id, "id");
        requireNonNull(name, "name");
        requireNonNull(mode, "mode");
        requireNonNull(creator, "creator");
        if (vni < 0 || vni > LARGEST_VNI) {
            throw new IllegalArgumentException("VNI " + vni + " is not between 0 and " + LARGEST_VNI);
        }
        subnets = List.copyOf(subnets);
        options = Map.copyOf(options);
        labels = Map.copyOf(labels);
    }

    @Override
    public String key() {
        return id;
    }

    public SharedNetwork gone() {
        return new SharedNetwork(id, name, mode, vni, mtu, internal, subnets, options, labels, creator, true);
    }

    public boolean hasIpv6() {
        return subnets.stream().anyMatch(subnet -> !subnet.subnet().isIpv4());
    }

    /// As the cluster's store has it.
    public String text() {
        var values = new LinkedHashMap<String, Object>();
        values.put("id", id);
        values.put("name", name);
        values.put("mode", mode);
        values.put("vni", vni);
        values.put("mtu", mtu);
        values.put("internal", internal);
        values.put("subnets", SubnetList.write(subnets));
        values.put("options", options);
        values.put("labels", labels);
        values.put("creator", creator);
        values.put("removed", removed);
        return Json.write(values);
    }

    /// @throws IllegalArgumentException if it is not what [#text] writes
    /// @throws dev.weft.json.MalformedJson likewise
    public static SharedNetwork parse(String text) {
        var values = JsonObject.parse("the network", text);
        return new SharedNetwork(
                values.string("id"),
                values.string("name"),
                values.string("mode"),
                values.number("vni", LARGEST_VNI),
                values.number("mtu", LARGEST_MTU),
                values.flag("internal", false),
                SubnetList.read(Objects.requireNonNullElse(values.optionalString("subnets"), "")),
                values.map("options", value -> value),
                values.map("labels", value -> value),
                values.string("creator"),
                values.flag("removed", false));
    }
}
