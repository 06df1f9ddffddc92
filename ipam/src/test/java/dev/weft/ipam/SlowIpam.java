package dev.weft.ipam;

import dev.weft.inet.Subnet;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What the driver must do, by looking at one thing after the other. Empty stands for a refusal.
final class SlowIpam {
    static final class Given {
        int holders;
        boolean gateway;
        boolean old;
        boolean auxiliary;
        boolean chosen;
        boolean suspect;
        boolean heldTooOften;
    }

    static final class SlowPool {
        final String space;
        final Subnet subnet;
        final Subnet range;
        final Map<String, String> options;
        final List<InetAddress> choices = new ArrayList<>();
        final Map<InetAddress, Given> given =
                new TreeMap<>(Comparator.comparing(InetAddress::getAddress, Arrays::compareUnsigned));

        @Nullable
        String network;

        int next;
        int askers = 1;

        SlowPool(String space, Subnet subnet, Subnet range, Map<String, String> options) {
            this.space = space;
            this.subnet = subnet;
            this.range = range;
            this.options = options;
            addressesOf(range).stream().filter(this::isUsable).forEach(choices::add);
        }

        boolean isUsable(InetAddress address) {
            var all = addressesOf(subnet);
            boolean isFirst = address.equals(all.getFirst());
            boolean isLast = address.equals(all.getLast()) && subnet.isIpv4();
            return all.contains(address) && (all.size() <= 2 || !isFirst && !isLast);
        }

        boolean hasMoreThanItsGateway(boolean onlyFresh) {
            return given.values().stream().anyMatch(some -> !some.gateway && !(onlyFresh && some.old));
        }
    }

    final Map<String, SlowPool> pools = new HashMap<>();
    /// Networks of Weft's, with the addresses of their endpoints.
    final Map<String, Set<InetAddress>> networks = new HashMap<>();
    final Set<String> otherNetworks = new HashSet<>();

    /// Of at most 256 addresses.
    static List<InetAddress> addressesOf(Subnet subnet) {
        var all = new ArrayList<InetAddress>();
        var bytes = subnet.address().getAddress();
        int host = bytes.length * 8 - subnet.prefixLength();
        for (int i = 0; i < 1 << host; i++) {
            var address = bytes.clone();
            address[bytes.length - 1] += (byte) i;
            try {
                all.add(InetAddress.getByAddress(address));
            } catch (UnknownHostException impossible) {
                throw new AssertionError(impossible);
            }
        }
        return all;
    }

    private static String id(String space, Subnet subnet) {
        return space + "/" + subnet;
    }

    Optional<Subnet> choose(String space, List<Subnet> candidates, Map<String, String> options) {
        for (var candidate : candidates) {
            if (pools.values().stream().noneMatch(pool -> pool.subnet.overlaps(candidate))) {
                pools.put(id(space, candidate), new SlowPool(space, candidate, candidate, options));
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    boolean request(String space, Subnet subnet, Subnet range, Map<String, String> options) {
        var wanted = new SlowPool(space, subnet, range, options);
        var known = pools.get(id(space, subnet));
        if (known == null) {
            boolean isFree =
                    pools.values().stream().noneMatch(pool -> pool.space.equals(space) && pool.subnet.overlaps(subnet));
            if (isFree) {
                pools.put(id(space, subnet), wanted);
            }
            return isFree;
        }
        boolean same = known.range.equals(range) && known.options.equals(options);
        boolean global = space.equals(WeftIpam.GLOBAL);
        if (same && global) {
            return true;
        }
        if (known.network != null) {
            if (networks.containsKey(known.network) || otherNetworks.contains(known.network)) {
                return false;
            }
            pools.put(id(space, subnet), wanted);
            return true;
        }
        if (same) {
            known.askers++;
            if (known.hasMoreThanItsGateway(true)) {
                known.askers--;
                return false;
            }
            return true;
        }
        if (known.hasMoreThanItsGateway(false)) {
            return false;
        }
        pools.put(id(space, subnet), wanted);
        return true;
    }

    void release(String id) {
        var pool = pools.get(id);
        if (pool != null && --pool.askers <= 0) {
            pools.remove(id);
        }
    }

    Optional<InetAddress> choose(SlowPool pool) {
        for (int tried = 0; tried < pool.choices.size(); tried++) {
            int place = (pool.next + tried) % pool.choices.size();
            var candidate = pool.choices.get(place);
            if (!pool.given.containsKey(candidate)) {
                pool.next = (place + 1) % pool.choices.size();
                give(pool, candidate).chosen = true;
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    private static Given give(SlowPool pool, InetAddress address) {
        var given = pool.given.computeIfAbsent(address, free -> new Given());
        given.holders++;
        given.old = false;
        given.suspect = false;
        given.heldTooOften = false;
        return given;
    }

    Optional<InetAddress> gateway(SlowPool pool) {
        for (var known : pool.given.entrySet()) {
            if (known.getValue().gateway) {
                give(pool, known.getKey());
                return Optional.of(known.getKey());
            }
        }
        pool.next = 0;
        var chosen = choose(pool);
        chosen.ifPresent(address -> pool.given.get(address).gateway = true);
        return chosen;
    }

    boolean name(SlowPool pool, InetAddress address) {
        var held = pool.given.get(address);
        if (!pool.isUsable(address) || held != null && !canBeGivenAgain(pool, address, held)) {
            return false;
        }
        var given = give(pool, address);
        if (pool.network == null && !given.gateway) {
            given.auxiliary = true;
            given.chosen = false;
        }
        return true;
    }

    private boolean canBeGivenAgain(SlowPool pool, InetAddress address, Given held) {
        if (pool.space.equals(WeftIpam.GLOBAL)) {
            return true;
        }
        if (held.gateway) {
            return false;
        }
        var endpoints = pool.network == null ? null : networks.get(pool.network);
        return endpoints == null ? held.old && !held.chosen : !held.auxiliary && !endpoints.contains(address);
    }

    void release(SlowPool pool, InetAddress address) {
        var held = pool.given.get(address);
        if (held != null && --held.holders == 0) {
            pool.given.remove(address);
        }
    }

    Set<InetAddress> collect(SlowPool pool, Set<InetAddress> inUse) {
        var collected = new HashSet<InetAddress>();
        pool.given.forEach((address, given) -> {
            boolean unused = !given.gateway && !inUse.contains(address);
            boolean tooOften = !unused && given.holders > 1 && hasEndpoint(pool, address);
            if (unused && given.suspect) {
                collected.add(address);
            }
            if (tooOften && given.heldTooOften) {
                given.holders = 1;
            }
            given.suspect = unused;
            given.heldTooOften = tooOften;
        });
        pool.given.keySet().removeAll(collected);
        return collected;
    }

    private boolean hasEndpoint(SlowPool pool, InetAddress address) {
        return pool.space.equals(WeftIpam.LOCAL)
                && networks.getOrDefault(pool.network, Set.of()).contains(address);
    }

    void restart() {
        for (var pool : pools.values()) {
            pool.askers = pool.network == null ? 0 : 1;
            pool.next = 0;
            pool.given.forEach((address, given) -> {
                given.old = true;
                given.suspect = false;
                given.heldTooOften = false;
                if (!given.gateway && pool.choices.contains(address)) {
                    pool.next = (pool.choices.indexOf(address) + 1) % pool.choices.size();
                }
            });
        }
    }
}
