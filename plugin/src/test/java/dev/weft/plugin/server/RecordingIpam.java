package dev.weft.plugin.server;

import dev.weft.inet.Cidr;
import dev.weft.inet.Subnet;
import dev.weft.plugin.*;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Remembers what it was asked, and answers the least that is valid.
final class RecordingIpam implements IpamDriver {
    final List<Object> asked = new CopyOnWriteArrayList<>();

    @Override
    public AddressSpaces defaultAddressSpaces() {
        return new AddressSpaces("here", "everywhere");
    }

    @Override
    public PoolReply requestPool(PoolRequest request) {
        asked.add(request);
        return new PoolReply("p1", Subnet.parse("10.7.0.0/16"));
    }

    @Override
    public void releasePool(String poolId) {
        asked.add(poolId);
    }

    @Override
    public Cidr requestAddress(AddressRequest request) {
        asked.add(request);
        return Cidr.parse("10.7.0.2/16");
    }

    @Override
    public void releaseAddress(AddressKey address) {
        asked.add(address);
    }
}
