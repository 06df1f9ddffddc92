package dev.weft.plugin;

import dev.weft.inet.Cidr;

/// What a plugin does that hands out addresses: `docker network create --ipam-driver NAME`, with any network driver.
///
/// To refuse a call, throw [Refusal] with a sentence for the person who typed the docker command. Any other
/// exception or error, and null as an answer, is a fault of the plugin: it is logged with its stack trace,
/// and the person reads that the plugin failed unexpectedly. Both are failures to the engine. Methods are
/// called by many threads at once.
///
/// What engines 20.10 to 28.5 do (libnetwork's remote IPAM protocol):
///
/// - **Any request may come twice.** Swarm repeats on each node what the manager asked, in the other address space: a
///   pool or address that is asked for by name and is given already must be given again. Each copy is released.
/// - **Releases are sent once, if at all.** The engine forgets the address whatever the answer, or if there is none.
/// - **Nothing is told again** after a restart of the engine, unless [IpamCapabilities#requiresRequestReplay] is set:
///   what was given must be known for ever, or it is given twice.
/// - **Whose address it is is not told.** The same container may get another one at its next start.
/// - **A plugin that is away when dockerd starts delays the start** by 15 s for each network with its addresses.
public interface IpamDriver {
    /// Asked once, after activation; a restarted plugin is not asked again.
    default IpamCapabilities ipamCapabilities() {
        return IpamCapabilities.NONE;
    }

    /// Asked at activation by 20.10, and with each `docker network create`, up to three times, by later ones.
    /// Comes back as [PoolRequest#addressSpace]; answer the same names always.
    AddressSpaces defaultAddressSpaces();

    /// `docker network create`, once for each family and `--subnet`.
    /// After a refusal the command fails and nothing follows.
    PoolReply requestPool(PoolRequest request);

    /// `docker network rm`, before the network driver hears of it, or a `docker network create` that failed.
    /// A refusal is only logged by the engine; what is not known must be released without one.
    void releasePool(String poolId);

    /// A gateway and each `--aux-address` when a network is made, then one for each container that starts.
    /// After a refusal the command fails; [#releasePool] follows if the address was for the gateway.
    ///
    /// @return the address with the prefix length of the pool
    Cidr requestAddress(AddressRequest request);

    /// The container has stopped, or the network goes. A refusal is only logged by the engine; what is not
    /// known must be released without one.
    void releaseAddress(AddressKey address);
}
