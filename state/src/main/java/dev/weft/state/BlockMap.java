package dev.weft.state;

import static java.util.Objects.requireNonNull;

import dev.weft.inet.AddressText;
import dev.weft.inet.Subnet;
import dev.weft.json.Json;
import dev.weft.json.JsonObject;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// To whom the addresses of a subnet belong: blocks that do not overlap, lowest first. What no block has is free.
///
/// A value: each change makes another one, whose version is greater. Two hosts that change the same map at once are the
/// store's to part.
///
/// @param network of the cluster, by its id
/// @param version of the map: 0 of one in which nothing ever belonged to anyone
public record BlockMap(String network, Subnet subnet, long version, List<Block> blocks) implements StateRecord {
    private static final Comparator<Block> ORDER =
            Comparator.comparing(block -> block.range().address().getAddress(), Arrays::compareUnsigned);

    public BlockMap {
        requireNonNull(network, "network");
        requireNonNull(subnet, "subnet");
        blocks = blocks.stream().sorted(ORDER).toList();
        for (int i = 0; i < blocks.size(); i++) {
            var range = blocks.get(i).range();
            if (!subnet.contains(range)) {
                throw new IllegalArgumentException("block " + range + " is not in subnet " + subnet);
            }
            if (i > 0 && range.overlaps(blocks.get(i - 1).range())) {
                throw new IllegalArgumentException(
                        "blocks " + blocks.get(i - 1).range() + " and " + range + " overlap");
            }
        }
    }

    /// In which all is free.
    public static BlockMap free(String network, Subnet subnet) {
        return new BlockMap(network, subnet, 0, List.of());
    }

    static String key(String network, Subnet subnet) {
        return network + " " + subnet;
    }

    @Override
    public String key() {
        return key(network, subnet);
    }

    /// The block that has the address; empty if it is free.
    public Optional<Block> at(InetAddress address) {
        return blocks.stream().filter(block -> block.range().contains(address)).findFirst();
    }

    public List<Block> of(String host) {
        return blocks.stream().filter(block -> block.host().equals(host)).toList();
    }

    private Optional<Block> overlapping(Subnet range) {
        return blocks.stream().filter(block -> block.range().overlaps(range)).findFirst();
    }

    /// Whether nobody has an address of it.
    public boolean isFree(Subnet range) {
        return subnet.contains(range) && overlapping(range).isEmpty();
    }

    /// The lowest free range of that length; empty if there is none.
    public Optional<Subnet> lowestFree(int prefixLength) {
        return free(Optional.of(subnet.address()), prefixLength, Subnet::above);
    }

    /// The highest one.
    public Optional<Subnet> highestFree(int prefixLength) {
        return highestFree(prefixLength, subnet);
    }

    /// The highest one in a part of the subnet.
    public Optional<Subnet> highestFree(int prefixLength, Subnet part) {
        return free(Optional.of(part.last()), prefixLength, Subnet::below).filter(part::contains);
    }

    private Optional<Subnet> free(
            Optional<InetAddress> first, int prefixLength, Function<Subnet, Optional<InetAddress>> next) {
        var at = prefixLength < subnet.prefixLength() ? Optional.<InetAddress>empty() : first;
        while (at.isPresent() && subnet.contains(at.get())) {
            var range = Subnet.containing(at.get(), prefixLength);
            var taken = overlapping(range);
            if (taken.isEmpty()) {
                return Optional.of(range);
            }
            // A block may be larger than the range, or one of several in it.
            var there = taken.get().range();
            at = next.apply(there.contains(range) ? there : range);
        }
        return Optional.empty();
    }

    /// The range is the host's, which was free.
    ///
    /// @throws IllegalArgumentException if it is not
    public BlockMap take(Subnet range, String host, boolean active) {
        if (!isFree(range)) {
            throw new IllegalArgumentException(range + " is not free");
        }
        var all = new ArrayList<>(blocks);
        all.add(new Block(range, host, active));
        return changed(all);
    }

    /// All blocks of the host that lie in the range are active.
    public BlockMap activate(Subnet range, String host) {
        return changed(blocks.stream()
                .map(block -> block.host().equals(host) && range.contains(block.range()) ? block.activated() : block)
                .toList());
    }

    /// The part is the other host's, active; the rest of its block stays with the owner as it was.
    ///
    /// @throws IllegalArgumentException if it is not of one block of the owner's
    public BlockMap give(Subnet part, String owner, String host) {
        var all = new ArrayList<>(cut(part, owner));
        all.add(new Block(part, host, true));
        return changed(all);
    }

    /// The part is free; the rest of its block stays with the owner.
    ///
    /// @throws IllegalArgumentException if it is not of one block of the owner's
    public BlockMap release(Subnet part, String owner) {
        return changed(cut(part, owner));
    }

    private List<Block> cut(Subnet part, String owner) {
        var whole = overlapping(part)
                .filter(block -> block.host().equals(owner) && block.range().contains(part))
                .orElseThrow(() -> new IllegalArgumentException(part + " is not of a block of " + owner));
        var all = new ArrayList<>(blocks);
        all.remove(whole);
        whole.range().without(part).forEach(rest -> all.add(whole.in(rest)));
        return all;
    }

    /// Whatever was the host's is free.
    public BlockMap without(String host) {
        return changed(
                blocks.stream().filter(block -> !block.host().equals(host)).toList());
    }

    private BlockMap changed(List<Block> others) {
        return new BlockMap(network, subnet, version + 1, joined(others));
    }

    /// Two halves with one owner are one block.
    private static List<Block> joined(List<Block> blocks) {
        var all = new ArrayList<Block>();
        for (var block : blocks.stream().sorted(ORDER).toList()) {
            all.add(block);
            while (all.size() > 1 && halves(all.get(all.size() - 2), all.getLast())) {
                all.removeLast();
                var lower = all.removeLast();
                all.add(lower.in(half(lower)));
            }
        }
        return all;
    }

    private static Subnet half(Block lower) {
        return Subnet.containing(lower.range().address(), lower.range().prefixLength() - 1);
    }

    private static boolean halves(Block lower, Block upper) {
        int length = lower.range().prefixLength();
        return length == upper.range().prefixLength()
                && length > 0
                && lower.host().equals(upper.host())
                && lower.active() == upper.active()
                && half(lower).address().equals(lower.range().address())
                && half(lower).contains(upper.range());
    }

    /// This map, as the store has it, with what another host's copy of a later one has and this one has lost: blocks
    /// that nothing here speaks against.
    public BlockMap recovering(BlockMap copy) {
        if (copy.version <= version) {
            return this;
        }
        var all = new ArrayList<>(blocks);
        copy.blocks.stream().filter(block -> isFree(block.range())).forEach(all::add);
        return new BlockMap(network, subnet, copy.version + 1, all);
    }

    /// As the cluster's store has it.
    public String text() {
        var values = new LinkedHashMap<String, Object>();
        values.put("network", network);
        values.put("subnet", subnet.toString());
        values.put("version", version);
        values.put(
                "blocks",
                blocks.stream()
                        .map(block -> Map.of(
                                "range", block.range().toString(), "host", block.host(), "active", block.active()))
                        .toList());
        return Json.write(values);
    }

    /// @throws IllegalArgumentException if it is not what [#text] writes
    /// @throws dev.weft.json.MalformedJson likewise
    public static BlockMap parse(String text) {
        var values = JsonObject.parse("the blocks", text);
        return new BlockMap(
                values.string("network"),
                values.required("subnet", Subnet::parse),
                values.number("version", 0, Long.MAX_VALUE),
                values.objects("blocks").stream()
                        .map(block -> new Block(
                                block.required("range", Subnet::parse),
                                block.string("host"),
                                block.flag("active", false)))
                        .toList());
    }

    @Override
    public String toString() {
        return "blocks of " + subnet + " in network " + network + ": "
                + String.join(
                        ", ",
                        blocks.stream()
                                .map(block -> AddressText.of(block.range().address()) + "/"
                                        + block.range().prefixLength() + " " + block.host()
                                        + (block.active() ? "" : " (inactive)"))
                                .toList());
    }
}
