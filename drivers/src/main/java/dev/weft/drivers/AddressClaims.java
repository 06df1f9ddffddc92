package dev.weft.drivers;

import java.net.InetAddress;
import java.util.List;

/// Makes sure that addresses are this host's, in networks that other hosts have too. Any thread may call.
@FunctionalInterface
public interface AddressClaims {
    /// For a host without any such networks.
    AddressClaims NONE = (network, addresses) -> {};

    /// Answers within 2 s; at once, and without asking anybody, where the addresses are in blocks of this host.
    ///
    /// @param networkId of the network on this host
    /// @throws dev.weft.plugin.Refusal if one is another host's, if that cannot be found out, or if the network can
    ///     have no containers here
    void claim(String networkId, List<InetAddress> addresses);
}
