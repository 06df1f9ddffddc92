package dev.weft.ipam;

import dev.weft.inet.AddressText;
import dev.weft.inet.Subnet;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The addresses of one subnet, and which of them are given. Choosing goes round: what came back is chosen last. Any
/// operation takes the same time in a pool of a thousand addresses and of a million. Not for several threads at once.
///
/// Never given are the network's and the broadcast address of an IPv4 subnet (not of a /31 or /32: RFC 3021), and the
/// subnet routers' anycast address of an IPv6 one (not of a /127 or /128: RFC 6164).
public final class AddressPool {
    /// Of a larger range addresses are chosen from the first 2^62 only.
    private static final int BITS = 62;

    private final Subnet subnet;
    private final Subnet range;
    private final long size;
    /// The range's first address as a number: its upper and its lower 64 bits.
    private final long firstHigh;

    private final long firstLow;
    /// What is reserved in the range is in it too.
    private final OffsetSet given;
    /// Given by name, beyond where addresses are chosen.
    private final Set<InetAddress> elsewhere = new HashSet<>();

    private final boolean isFirstReserved;
    private final boolean isLastReserved;
    private final int reserved;
    private long next;

    /// With nothing given.
    ///
    /// @param range where addresses are chosen, within the subnet; by name, any of the subnet can be had
    public AddressPool(Subnet subnet, Subnet range) {
        if (!subnet.contains(range.address()) || range.prefixLength() < subnet.prefixLength()) {
            throw new IllegalArgumentException("the range " + range + " is not within the subnet " + subnet);
        }
        this.subnet = subnet;
        this.range = range;
        size = 1L << Math.min(BITS, bits(range) - range.prefixLength());
        var first = range.address().getAddress();
        firstHigh = high(first);
        firstLow = low(first);
        given = new OffsetSet(size);
        isFirstReserved = isReserved(address(0));
        isLastReserved = isReserved(address(size - 1));
        if (isFirstReserved) {
            given.add(0);
        }
        if (isLastReserved) {
            given.add(size - 1);
        }
        reserved = (int) given.size();
    }

    private static int bits(Subnet subnet) {
        return subnet.address().getAddress().length * Byte.SIZE;
    }

    public Subnet subnet() {
        return subnet;
    }

    public Subnet range() {
        return range;
    }

    /// Whether a container can have the address.
    public boolean isUsable(InetAddress address) {
        return subnet.contains(address) && !isReserved(address);
    }

    private boolean isReserved(InetAddress address) {
        int host = bits(subnet) - subnet.prefixLength();
        if (host < 2) {
            return false;
        }
        return address.equals(subnet.address()) || (subnet.isIpv4() && isLast(address.getAddress(), host));
    }

    private static boolean isLast(byte[] ipv4, int host) {
        int ones = (int) ((1L << host) - 1);
        return (ByteBuffer.wrap(ipv4).getInt() & ones) == ones;
    }

    /// Gives the next free address of the range; empty if there is none.
    public Optional<InetAddress> choose() {
        long offset = given.nextAbsent(next);
        return give(offset < size ? offset : given.nextAbsent(0));
    }

    /// Gives the next free address of the range that is in one of these; empty if there is none.
    ///
    /// @param within ranges that do not overlap
    public Optional<InetAddress> choose(List<Subnet> within) {
        if (within.size() == 1 && within.getFirst().equals(range)) {
            return choose();
        }
        var spans = spans(within);
        for (var span : spans) {
            long offset = given.nextAbsent(Math.max(next, span.from));
            if (offset < span.to) {
                return give(offset);
            }
        }
        for (var span : spans) {
            long offset = given.nextAbsent(span.from);
            if (offset < span.to) {
                return give(offset);
            }
        }
        return Optional.empty();
    }

    /// Offsets in the range, from one to before another.
    private record Span(long from, long to) {}

    /// Lowest first.
    private List<Span> spans(List<Subnet> within) {
        return within.stream()
                .filter(range::overlaps)
                .map(part -> part.contains(range)
                        ? new Span(0, size)
                        : new Span(offset(part.address()), offset(part.address()) + sizeOf(part)))
                .filter(span -> span.from >= 0)
                .sorted(Comparator.comparingLong(Span::from))
                .toList();
    }

    private static long sizeOf(Subnet part) {
        return 1L << Math.min(BITS, bits(part) - part.prefixLength());
    }

    private Optional<InetAddress> give(long offset) {
        if (offset >= size) {
            return Optional.empty();
        }
        given.add(offset);
        next = offset + 1 == size ? 0 : offset + 1;
        return Optional.of(address(offset));
    }

    /// Gives the lowest free address of the range, wherever choosing is; empty if there is none.
    public Optional<InetAddress> chooseLowest() {
        next = 0;
        return choose();
    }

    /// Goes on behind this address, as after having chosen it; one beyond the range changes nothing.
    public void continueAfter(InetAddress chosen) {
        long offset = offset(chosen);
        if (offset >= 0) {
            next = offset + 1 == size ? 0 : offset + 1;
        }
    }

    /// Gives that address; false if it is given already.
    ///
    /// @throws IllegalArgumentException if it is not usable
    public boolean take(InetAddress address) {
        if (!isUsable(address)) {
            throw new IllegalArgumentException(AddressText.of(address) + " is no address for a container in " + subnet);
        }
        long offset = offset(address);
        return offset >= 0 ? given.add(offset) : elsewhere.add(address);
    }

    /// False if it was not given.
    public boolean release(InetAddress address) {
        long offset = offset(address);
        return offset >= 0 ? !isReserved(offset) && given.remove(offset) : elsewhere.remove(address);
    }

    public boolean isGiven(InetAddress address) {
        long offset = offset(address);
        return offset >= 0 ? !isReserved(offset) && given.contains(offset) : elsewhere.contains(address);
    }

    private boolean isReserved(long offset) {
        return (offset == 0 && isFirstReserved) || (offset == size - 1 && isLastReserved);
    }

    /// How many addresses can be chosen, given ones included; of an IPv6 range of more than 2^62, so many.
    public long choices() {
        return size - reserved;
    }

    /// How many of [#choices] are given.
    public long chosen() {
        return given.size() - reserved;
    }

    /// How many are given, those included that were given by name beyond where addresses are chosen.
    public long given() {
        return chosen() + elsewhere.size();
    }

    /// Its place in the range; -1 if it has none where addresses are chosen.
    private long offset(InetAddress address) {
        var bytes = address.getAddress();
        if ((bytes.length == Integer.BYTES) != range.isIpv4() || high(bytes) != firstHigh) {
            return -1;
        }
        long low = low(bytes);
        return (low & -size) == firstLow ? low - firstLow : -1;
    }

    private InetAddress address(long offset) {
        long low = firstLow + offset;
        var bytes = range.isIpv4()
                ? ByteBuffer.allocate(Integer.BYTES).putInt((int) low)
                : ByteBuffer.allocate(2 * Long.BYTES).putLong(firstHigh).putLong(low);
        try {
            return InetAddress.getByAddress(bytes.array());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static long high(byte[] address) {
        return address.length == Integer.BYTES ? 0 : ByteBuffer.wrap(address).getLong();
    }

    private static long low(byte[] address) {
        var number = ByteBuffer.wrap(address);
        return address.length == Integer.BYTES ? Integer.toUnsignedLong(number.getInt()) : number.getLong(Long.BYTES);
    }
}
