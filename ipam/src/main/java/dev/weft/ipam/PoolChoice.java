package dev.weft.ipam;

import dev.weft.inet.Subnet;
import dev.weft.plugin.Refusal;
import dev.weft.state.PoolRecord;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Function;

/// What a request for a named subnet comes to, beside the pools that there are.
sealed interface PoolChoice {
    /// One that was not there.
    record Fresh(PoolRecord pool) implements PoolChoice {}

    /// The same again; nothing changes.
    record Repeated(PoolRecord pool) implements PoolChoice {}

    /// The subnet has a pool that nobody uses: another one takes its place, with nothing given.
    record Replaced(PoolRecord pool) implements PoolChoice {}

    /// What is known of a pool that is there.
    ///
    /// @param network the name or id of the network that has it, if there is one
    /// @param given   addresses besides the gateway's
    /// @param fresh   how many of those were given since this process started
    record Standing(Optional<String> network, long given, long fresh) {}

    /// @param repeats  whether the same may be asked for again while a network has it
    /// @param pools    of the address space
    /// @param standing of one of them
    /// @throws Refusal if the subnet is another's
    static PoolChoice of(
            PoolRecord wanted, boolean repeats, Collection<PoolRecord> pools, Function<PoolRecord, Standing> standing) {
        for (var pool : pools) {
            if (pool.subnet().equals(wanted.subnet())) {
                return beside(pool, wanted, repeats, standing.apply(pool));
            }
        }
        for (var pool : pools) {
            if (pool.subnet().overlaps(wanted.subnet())) {
                throw new Refusal("--subnet " + wanted.subnet() + " overlaps " + pool.subnet() + ", which "
                        + holder(pool, standing.apply(pool)) + " has; name another --subnet, or remove that network.");
            }
        }
        return new Fresh(wanted);
    }

    private static PoolChoice beside(PoolRecord known, PoolRecord wanted, boolean repeats, Standing standing) {
        boolean same = known.range().equals(wanted.range()) && known.options().equals(wanted.options());
        if (same && repeats) {
            return new Repeated(known);
        }
        if (standing.network().isPresent()) {
            throw taken(wanted.subnet(), holder(known, standing));
        }
        if (known.networkId() != null) {
            return new Replaced(wanted); // that network is gone, and its release was lost
        }
        if (same && standing.fresh() == 0) {
            return new Repeated(known);
        }
        if (!same && standing.given() == 0) {
            return new Replaced(wanted);
        }
        throw taken(
                wanted.subnet(),
                holder(known, standing) + " (" + standing.given()
                        + " addresses of it are given besides the gateway's)");
    }

    private static Refusal taken(Subnet subnet, String holder) {
        return new Refusal("--subnet " + subnet + " is given already: " + holder
                + " has it; name another --subnet, or remove that network.");
    }

    private static String holder(PoolRecord pool, Standing standing) {
        if (pool.networkId() == null) {
            return "a network whose name is not known yet";
        }
        return "network " + standing.network().orElse(pool.networkId());
    }
}
