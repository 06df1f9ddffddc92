package dev.weft.cluster;

import static java.lang.System.Logger.Level.WARNING;

import dev.weft.json.MalformedJson;
import dev.weft.state.BlockMap;
import dev.weft.state.Change;
import dev.weft.state.EndpointShard;
import dev.weft.state.HostRecord;
import dev.weft.state.Registry;
import dev.weft.state.SharedNetwork;
import dev.weft.state.StateRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// What the others say, taken into the registry. Only what is newer than what is known: a store that was restored tells
/// old news. For one thread.
final class Mirror {
    private static final System.Logger LOG = System.getLogger(Mirror.class.getName());

    private final Registry registry;
    private final String self;

    /// Values that could not be read, and why.
    private final Map<String, String> unreadable = new HashMap<>();

    /// @param self id of this host: what it has itself, nobody tells it
    Mirror(Registry registry, String self) {
        this.registry = registry;
        this.self = self;
    }

    /// All in one commit.
    ///
    /// @throws dev.weft.state.StateException if it cannot be written; then nothing is
    void take(List<Store.Entry> entries) {
        var newest = new HashMap<String, Change>();
        for (var entry : entries) {
            read(entry)
                    .filter(this::isNews)
                    .ifPresent(record -> newest.merge(
                            entry.key(),
                            Change.put(record),
                            (before, after) -> isLater(after, before) ? after : before));
        }
        registry.commit(new ArrayList<>(newest.values()));
    }

    private Optional<StateRecord> read(Store.Entry entry) {
        var parser = parser(entry.key());
        if (parser.isEmpty()) {
            return Optional.empty();
        }
        try {
            var record = parser.get().apply(entry.value());
            if (!Keys.of(record).equals(entry.key())) {
                throw new IllegalArgumentException("it is of " + Keys.of(record));
            }
            unreadable.remove(entry.key());
            return Optional.of(record);
        } catch (IllegalArgumentException | MalformedJson wrong) {
            var reason = "the store's " + entry.key() + " cannot be read, and is passed over: " + wrong.getMessage();
            if (!reason.equals(unreadable.put(entry.key(), reason))) {
                LOG.log(WARNING, reason);
            }
            return Optional.empty();
        }
    }

    /// Empty for what a newer Weft has in addition.
    private static Optional<Function<String, StateRecord>> parser(String key) {
        return switch (key.substring(0, key.indexOf('/') + 1)) {
            case Keys.HOSTS -> Optional.of(HostRecord::parse);
            case Keys.ENDPOINTS -> Optional.of(EndpointShard::parse);
            case Keys.NETWORKS -> Optional.of(SharedNetwork::parse);
            case Keys.BLOCKS -> Optional.of(BlockMap::parse);
            default -> Optional.empty();
        };
    }

    private boolean isNews(StateRecord record) {
        return switch (record) {
            case HostRecord host ->
                !host.id().equals(self) && host.version() > version(registry.host(host.id()), HostRecord::version);
            case EndpointShard shard ->
                !shard.host().equals(self)
                        && shard.version() > version(registry.shard(shard.key()), EndpointShard::version);
            case SharedNetwork network -> isNews(network);
            case BlockMap map ->
                map.version() > version(registry.blockMap(map.network(), map.subnet()), BlockMap::version);
            default -> false;
        };
    }

    /// A network never comes back: the next one of its name is another.
    private boolean isNews(SharedNetwork network) {
        return registry.sharedNetwork(network.id())
                .map(known -> !known.removed() && !known.equals(network))
                .orElse(true);
    }

    private static <T> long version(Optional<T> known, Function<T, Long> version) {
        return known.map(version).orElse(-1L);
    }

    private static boolean isLater(Change one, Change other) {
        return switch (one.record()) {
            case HostRecord host -> host.version() > ((HostRecord) other.record()).version();
            case EndpointShard shard -> shard.version() > ((EndpointShard) other.record()).version();
            case BlockMap map -> map.version() > ((BlockMap) other.record()).version();
            default -> true;
        };
    }

    /// A sentence for each value of the store that cannot be read.
    List<String> problems() {
        return List.copyOf(unreadable.values());
    }
}
