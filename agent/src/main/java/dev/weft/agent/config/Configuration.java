package dev.weft.agent.config;

import dev.weft.inet.Subnet;
import dev.weft.ipam.PoolRange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// What the agent was told, checked once and then trusted. Every key is explained in docs/configuration.md.
///
/// @param socket                where engines look for the plugin `weft`
/// @param adminSocket           where the commands of `weft` find the agent
/// @param state                 folder of what must survive the agent
/// @param fabric                name under `/run/netns` of the network namespace with Weft's bridges
/// @param scope                 whose the networks are
/// @param dockerSocket          of the engine's API; empty: Weft never talks to it
/// @param startMissedContainers whether containers that the engine left down because the agent was late are started
/// @param collectAfter          how long the engine must be without a network or an endpoint before Weft removes what
///                              it has of it; 1 s to 24 h
/// @param gatewayBridgePools    subnets of `docker_gwbridge` where Weft makes it, at most one of each family; none:
///                              Weft does not make it
/// @param localPools            where networks of this host get their subnets; these and the global ones overlap
/// nowhere
/// @param globalPools           where networks of many hosts get their subnets
/// @param reconcileInterval     how often what should exist is compared with what does; 1 s to 1 h
/// @param cluster               empty: this host is alone
public record Configuration(
        Path socket,
        Path adminSocket,
        Path state,
        String fabric,
        LogLevel logLevel,
        Scope scope,
        Optional<Path> dockerSocket,
        boolean startMissedContainers,
        Duration collectAfter,
        List<Subnet> gatewayBridgePools,
        List<PoolRange> localPools,
        List<PoolRange> globalPools,
        Duration reconcileInterval,
        Optional<ClusterConfiguration> cluster) {
    private static final Path FILE = Path.of("/etc/weft/weft.toml");

    public Configuration {
        gatewayBridgePools = List.copyOf(gatewayBridgePools);
        localPools = List.copyOf(localPools);
        globalPools = List.copyOf(globalPools);
    }

    /// Reads `/etc/weft/weft.toml` if it is there, or the file that `--config` or `WEFT_CONFIG` names; the environment
    /// goes before the file, and flags before both.
    ///
    /// @param environment of the process; what does not begin as a key's variable does is left alone
    /// @param flags       of the command line, by their names in [#flags]
    public static Outcome read(Map<String, String> environment, Map<String, String> flags) {
        return read(FILE, environment, flags);
    }

    /// @param usualFile is read unless another is named, and need not exist
    public static Outcome read(Path usualFile, Map<String, String> environment, Map<String, String> flags) {
        return new Reading(usualFile, environment, flags).outcome();
    }

    /// `--config` and those that say what a key says.
    public static TreeSet<String> flags() {
        var flags = new TreeSet<>(List.of(Reading.FILE_FLAG));
        Keys.ALL.stream().map(Key::flag).filter(flag -> !flag.isEmpty()).forEach(flags::add);
        return flags;
    }

    /// Those that say what a key says, in the order of the documentation.
    public static List<Variable> variables() {
        return Keys.ALL.stream()
                .map(key -> new Variable(key.variable(), key.meaning()))
                .toList();
    }

    /// A file in which every key stands behind `#`, with its meaning and its default.
    public static String example() {
        return Example.text();
    }
}
