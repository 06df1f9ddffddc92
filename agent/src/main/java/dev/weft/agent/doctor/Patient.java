package dev.weft.agent.doctor;

import dev.weft.agent.member.ClusterMember;
import dev.weft.agent.upkeep.Reconciler;
import dev.weft.agent.upkeep.Upkeep;
import dev.weft.drivers.WeftDriver;
import dev.weft.drivers.plan.Fabric;
import dev.weft.ipam.WeftIpam;
import dev.weft.netlink.Netlink;
import dev.weft.state.Registry;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The agent, and where it is, to be looked at.
///
/// @param version    of Weft
/// @param fabricName of the network namespace of the bridges
/// @param folder     of the state
/// @param sockets    on which the agent listens, as far as their files are its own
/// @param upkeep     null where Weft keeps away from the Docker API
/// @param member     null where this host is alone
/// @param host       the host's own network namespace
public record Patient(
        String version,
        String fabricName,
        Path folder,
        List<Path> sockets,
        Registry registry,
        WeftIpam ipam,
        WeftDriver driver,
        Reconciler reconciler,
        @Nullable Upkeep upkeep,
        @Nullable ClusterMember member,
        Fabric fabric,
        Netlink host) {
    public Patient {
        sockets = List.copyOf(sockets);
    }
}
