package dev.weft.ipam;

import dev.weft.inet.Subnet;
import java.util.List;

/// Which addresses of a network of the cluster are this host's to give. Any thread may call.
public interface OwnBlocks {
    /// For a host without any such networks.
    OwnBlocks NONE = new OwnBlocks() {
        @Override
        public List<Subnet> own(String sharedId, Subnet subnet) {
            return List.of();
        }

        @Override
        public List<Subnet> more(String sharedId, Subnet subnet) {
            return List.of();
        }
    };

    /// At once. They do not overlap.
    ///
    /// @param sharedId of the network in the cluster
    List<Subnet> own(String sharedId, Subnet subnet);

    /// Takes another block, because nothing is free in the own ones, within 2 s.
    ///
    /// @return all that are this host's then
    /// @throws dev.weft.plugin.Refusal if that cannot be done now, saying why
    List<Subnet> more(String sharedId, Subnet subnet);
}
