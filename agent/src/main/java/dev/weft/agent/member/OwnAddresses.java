package dev.weft.agent.member;

import dev.weft.cluster.Blocks;
import dev.weft.cluster.StoreException;
import dev.weft.drivers.AddressClaims;
import dev.weft.inet.Subnet;
import dev.weft.ipam.OwnBlocks;
import dev.weft.plugin.Refusal;
import dev.weft.state.Registry;
import java.net.InetAddress;
import java.util.List;

/// What drivers ask of the addresses of networks that other hosts have too.
///
/// @param blocks how this host comes to more
public record OwnAddresses(Registry registry, Blocks blocks) implements OwnBlocks, AddressClaims {
    /// Of a host that was in a cluster and is told of none: it gives what is its own, and nothing else.
    public static OwnAddresses withoutStore(Registry registry) {
        return new OwnAddresses(registry, new Blocks(registry, () -> {
            throw new StoreException("this host was in a cluster, and cluster.store is empty");
        }));
    }

    @Override
    public List<Subnet> own(String sharedId, Subnet subnet) {
        return blocks.own(sharedId, subnet);
    }

    @Override
    public List<Subnet> more(String sharedId, Subnet subnet) {
        try {
            return blocks.more(sharedId, subnet);
        } catch (StoreException failure) {
            throw new Refusal(
                    "no address of subnet " + subnet + " that this host may give is free, and it gets no more: "
                            + failure.getMessage() + ".",
                    failure);
        }
    }

    @Override
    public void claim(String networkId, List<InetAddress> addresses) {
        registry.sharedAs(networkId).ifPresent(network -> {
            try {
                for (var address : addresses) {
                    blocks.claim(network, address);
                }
            } catch (StoreException failure) {
                throw new Refusal(
                        "cannot connect a container to network " + network.name() + ": " + failure.getMessage() + ".",
                        failure);
            }
        });
    }
}
