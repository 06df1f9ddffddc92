package dev.weft.examples.ipamfile;

import static java.util.function.Predicate.not;

import dev.weft.inet.*;
import dev.weft.plugin.*;
import dev.weft.plugin.server.*;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.*;

/// Served on `/run/docker/plugins/NAME.sock`, addresses for `docker network create --ipam-driver NAME`.
/// What is given is in a [PoolFile] before the engine hears of it, so nothing is given twice, also after a
/// `kill -9`. What the engine forgets to give back stays given, until somebody takes its line out of the
/// file.
///
/// Who asks is not told. So what is asked for by name and was before is given again, as many times as it is
/// asked for, and is free when it was given back as many times: a container with `--ip` must start also if
/// the plugin was away when it stopped. What the driver has chosen itself is never given a second time.
public final class FileIpam implements IpamDriver {
    private static final AddressSpaces SPACES = new AddressSpaces("local", "global");

    private final PoolFile file;

    FileIpam(PoolFile file) {
        this.file = file;
    }

    public static void main(String... socketAndFile) throws IOException {
        var driver = new FileIpam(new PoolFile(Path.of(socketAndFile[1])));
        var server = PluginServer.start(Path.of(socketAndFile[0]), Plugin.of(driver), PluginOptions.DEFAULT);
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
    }

    @Override
    public AddressSpaces defaultAddressSpaces() {
        return SPACES;
    }

    @Override
    public synchronized PoolReply requestPool(PoolRequest request) {
        if (!request.options().isEmpty()) {
            throw new Refusal(
                    "unknown --ipam-opt " + new TreeSet<>(request.options().keySet()) + "; this IPAM has none.");
        }
        var subnet = request.pool() == null ? offered(request) : request.pool();
        var range = request.subPool() == null ? subnet : request.subPool();
        if (!subnet.contains(range.address()) || range.prefixLength() < subnet.prefixLength()) {
            throw new Refusal("--ip-range " + range + " is not within --subnet " + subnet + ".");
        }
        var wanted = new Pool(request.addressSpace(), subnet, range, 0, Map.of());
        file.pools().filter(wanted::clashesWith).findFirst().ifPresent(other -> {
            throw new Refusal("subnet " + subnet + " overlaps " + other.subnet() + ", which another network has. "
                    + "Name another --subnet.");
        });
        var pool = file.pool(wanted.id()).orElse(wanted);
        file.put(pool.withNetworks(pool.networks() + 1));
        return new PoolReply(pool.id(), subnet);
    }

    private Subnet offered(PoolRequest request) {
        var offers = file.offers().stream()
                .filter(offer -> offer.isIpv4() != request.ipv6())
                .toList();
        return offers.stream()
                .filter(offer -> file.pools()
                        .filter(pool -> pool.space().equals(request.addressSpace()))
                        .noneMatch(pool -> pool.subnet().overlaps(offer)))
                .findFirst()
                .orElseThrow(() -> new Refusal("none of the " + offers.size() + (request.ipv6() ? " IPv6" : " IPv4")
                        + " subnets that " + file + " offers is free. Name one with --subnet, or add an offer."));
    }

    @Override
    public synchronized void releasePool(String poolId) {
        file.pool(poolId).ifPresent(pool -> file.put(pool.withNetworks(pool.networks() - 1)));
    }

    @Override
    public synchronized Cidr requestAddress(AddressRequest request) {
        var pool = file.pool(request.poolId())
                .orElseThrow(() -> new Refusal("there is no pool " + request.poolId() + " in " + file
                        + ". Was its line removed? Make the network again."));
        var address = request.address() == null ? choose(pool) : request.address();
        int asked = pool.addresses().getOrDefault(address, 0);
        if (request.address() != null) {
            if (!pool.isUsable(address)) {
                throw new Refusal(AddressText.of(address) + " is not for a container of subnet " + pool.subnet() + ".");
            }
            if (asked == 0 && isGiven(pool, address)) {
                throw new Refusal(
                        AddressText.of(address) + " is given to another container already. Name another --ip; "
                                + "or, if none has it, stop this plugin and take its line out of " + file + ".");
            }
            asked++;
        }
        file.put(pool.withAddress(address, asked));
        return new Cidr(address, pool.subnet().prefixLength());
    }

    private InetAddress choose(Pool pool) {
        return pool.candidates()
                .filter(not(address -> isGiven(pool, address)))
                .findFirst()
                .orElseThrow(() -> new Refusal("all " + pool.candidates().count() + " addresses of " + pool.range()
                        + " are given. Remove unused containers, or make a network with a larger --subnet."));
    }

    /// By this pool, or by another range of its subnet.
    private boolean isGiven(Pool pool, InetAddress address) {
        return file.pools()
                .filter(other -> other.space().equals(pool.space()))
                .anyMatch(other -> other.addresses().containsKey(address));
    }

    @Override
    public synchronized void releaseAddress(AddressKey key) {
        file.pool(key.poolId()).ifPresent(pool -> file.put(pool.withoutAddress(key.address())));
    }
}
