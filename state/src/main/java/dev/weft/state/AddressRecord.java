package dev.weft.state;

import static java.util.Objects.requireNonNull;

import dev.weft.inet.AddressText;
import java.net.InetAddress;

/// An address that Weft's IPAM driver has given.
///
/// @param holders how often it was given and not released: more than 1 where it was asked for by name again, before
///                anybody was known to have it
public record AddressRecord(String poolId, InetAddress address, Purpose purpose, int holders) implements StateRecord {
    /// Whom it was given for, as far as engines tell.
    public enum Purpose {
        GATEWAY,
        /// By name, before the pool had a network: `--aux-address`.
        AUXILIARY,
        /// By name, for a container: `--ip`.
        NAMED,
        /// Chosen by Weft, for a container.
        CHOSEN
    }

    public AddressRecord {
        requireNonNull(poolId, "poolId");
        requireNonNull(address, "address");
        requireNonNull(purpose, "purpose");
        if (holders < 1) {
            throw new IllegalArgumentException(holders + " holders: an address without any is not on record");
        }
    }

    static String key(String poolId, InetAddress address) {
        return poolId + " " + AddressText.of(address);
    }

    @Override
    public String key() {
        return key(poolId, address);
    }

    public AddressRecord heldBy(int count) {
        return new AddressRecord(poolId, address, purpose, count);
    }

    public boolean isGateway() {
        return purpose == Purpose.GATEWAY;
    }
}
