package dev.weft.engine;

import dev.weft.inet.Subnet;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where a network's addresses come from.
///
/// @param driver  `default` is the engine's own
/// @param options of the IPAM driver (`--ipam-opt`)
/// @param pools   of both families; empty for the networks `none` and `host`
public record Ipam(String driver, Map<String, String> options, List<Pool> pools) {
    /// The engine's own IPAM, which chooses a pool.
    public static final Ipam DEFAULT = new Ipam("default", Map.of(), List.of());

    public Ipam {
        options = Map.copyOf(options);
        pools = List.copyOf(pools);
    }

    /// @param plugin its name, without version and origin: a managed plugin has both in the name of the driver
    public boolean isOf(String plugin) {
        return PluginReference.isOf(plugin, driver);
    }

    /// @param range              `--ip-range`
    /// @param gateway            null where engines do not tell it, as of a pool that was given without one
    /// @param auxiliaryAddresses `--aux-address`, by name
    public record Pool(
            Subnet subnet,
            @Nullable Subnet range,
            @Nullable InetAddress gateway,
            Map<String, InetAddress> auxiliaryAddresses) {
        public Pool {
            auxiliaryAddresses = Map.copyOf(auxiliaryAddresses);
        }
    }
}
