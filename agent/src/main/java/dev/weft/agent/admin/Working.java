package dev.weft.agent.admin;

import dev.weft.agent.upkeep.Reconciler;
import dev.weft.agent.upkeep.Upkeep;
import dev.weft.ipam.WeftIpam;
import dev.weft.state.Registry;
import org.jspecify.annotations.Nullable;

/// The parts of an agent that works, as far as the admin API asks them.
///
/// @param upkeep null where the configuration keeps Weft from the Docker API
public record Working(
        Registry registry,
        WeftIpam ipam,
        Reconciler reconciler,
        @Nullable Upkeep upkeep) {}
