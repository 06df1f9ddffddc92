package dev.weft.state;

import dev.weft.inet.Subnet;
import java.net.InetAddress;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// Everything that must survive the agent: what should exist on this host, and what of its addresses is given.
///
/// Reads come from memory. A write returns when it is on disk (SQLite, WAL, synchronous=FULL) and is visible to
/// reads from then on; writes that come together share one commit. Any thread may call.
public final class Registry implements AutoCloseable {
    private final Memory memory = new Memory();
    private final List<Consumer<List<Change>>> watchers = new CopyOnWriteArrayList<>();
    private final Path file;
    private final StateLock lock;
    private final Writer writer;

    private Registry(StateFile.Opened opened, Path file) {
        this.file = file;
        lock = opened.lock();
        opened.records().forEach(memory::put);
        writer = new Writer(opened.database(), file);
    }

    /// Opens the store in this folder, making both where they are missing. One process at a time may hold it.
    ///
    /// @throws StateException if the store is in use, damaged, foreign or of a newer format;
    /// nothing is changed then
    public static Registry open(Path folder) {
        return new Registry(new StateFile(folder).open(), folder.resolve(StateFile.NAME));
    }

    /// Makes a new store of these records in the folder, in place of one that is there, damaged or not. The old one is
    /// kept beside it. If this fails, the old one is still there.
    ///
    /// @return where the old one is now
    /// @throws StateException if the store is in use or cannot be written, or if a record refers to one that is
    /// missing
    public static Optional<Path> replace(Path folder, List<? extends StateRecord> records) {
        return new StateFile(folder).replace(records);
    }

    public Collection<NetworkRecord> networks() {
        return memory.networks();
    }

    public Optional<NetworkRecord> network(String id) {
        return memory.network(id);
    }

    public Collection<EndpointRecord> endpoints() {
        return memory.endpoints();
    }

    public Optional<EndpointRecord> endpoint(String id) {
        return memory.endpoint(id);
    }

    public Collection<EndpointRecord> endpointsOf(String networkId) {
        return memory.endpointsOf(networkId);
    }

    /// The endpoint of the network that has the address.
    public Optional<EndpointRecord> endpointAt(String networkId, InetAddress address) {
        return memory.endpointAt(networkId, address);
    }

    public Collection<PoolRecord> pools() {
        return memory.pools();
    }

    public Optional<PoolRecord> pool(String id) {
        return memory.pool(id);
    }

    public Collection<AddressRecord> addressesOf(String poolId) {
        return memory.addressesOf(poolId);
    }

    public Optional<AddressRecord> address(String poolId, InetAddress address) {
        return memory.address(poolId, address);
    }

    public Optional<EngineRecord> engine() {
        return memory.engine();
    }

    public Collection<Tombstone> tombstones() {
        return memory.tombstones();
    }

    public Optional<Tombstone> tombstone(Tombstone.Kind kind, String id) {
        return memory.tombstone(kind, id);
    }

    /// As whom this host is in a cluster; empty as long as it never was in one.
    public Optional<MemberRecord> member() {
        return memory.member();
    }

    /// Of the cluster, this one too.
    public Collection<HostRecord> hosts() {
        return memory.hosts();
    }

    public Optional<HostRecord> host(String id) {
        return memory.host(id);
    }

    /// Of the cluster, those that were removed too.
    public Collection<SharedNetwork> sharedNetworks() {
        return memory.sharedNetworks();
    }

    public Optional<SharedNetwork> sharedNetwork(String id) {
        return memory.sharedNetwork(id);
    }

    /// The cluster's record of a network of this host's engine; empty if it is this host's alone.
    public Optional<SharedNetwork> sharedAs(String networkId) {
        return memory.replica(networkId).map(ReplicaRecord::sharedId).flatMap(memory::sharedNetwork);
    }

    public Collection<ReplicaRecord> replicas() {
        return memory.replicas();
    }

    /// Of all hosts, as they have said.
    public Collection<EndpointShard> shards() {
        return memory.shards();
    }

    /// Likewise, those in a network of the cluster.
    public Collection<EndpointShard> shardsOf(String sharedId) {
        return memory.shardsOf(sharedId);
    }

    /// By its key.
    public Optional<EndpointShard> shard(String key) {
        return memory.shard(key);
    }

    public Collection<BlockMap> blockMaps() {
        return memory.blockMaps();
    }

    public Optional<BlockMap> blockMap(String sharedId, Subnet subnet) {
        return memory.blockMap(sharedId, subnet);
    }

    /// Records it, in place of what has the same key.
    ///
    /// @throws StateException if it cannot be written, or if what it refers to is not recorded
    public void put(StateRecord record) {
        commit(List.of(Change.put(record)));
    }

    /// Forgets it; one that is not known is no error.
    ///
    /// @throws StateException if it cannot be written, or if another record refers to it
    public void remove(StateRecord record) {
        commit(List.of(Change.remove(record)));
    }

    /// The network and its endpoints; empty if it is not known.
    public List<Change> removalOf(String networkId) {
        var changes = new ArrayList<Change>();
        network(networkId).ifPresent(network -> {
            endpointsOf(networkId).forEach(endpoint -> changes.add(Change.remove(endpoint)));
            changes.add(Change.remove(network));
        });
        return changes;
    }

    /// Makes all of the changes in their order, or none.
    ///
    /// @throws StateException as [#put] and [#remove]
    public void commit(List<Change> changes) {
        if (changes.isEmpty()) {
            return;
        }
        var copy = List.copyOf(changes);
        writer.write(
                database -> {
                    for (var change : copy) {
                        database.apply(change);
                    }
                },
                () -> {
                    copy.forEach(memory::apply);
                    watchers.forEach(watcher -> tell(watcher, copy));
                });
    }

    /// The commit is on disk, whatever a watcher makes of it.
    private static void tell(Consumer<List<Change>> watcher, List<Change> changes) {
        try {
            watcher.accept(changes);
        } catch (RuntimeException fault) {
            System.getLogger(Registry.class.getName())
                    .log(System.Logger.Level.ERROR, "a watcher of the state failed", fault);
        }
    }

    /// From now on the watcher gets the changes of each commit, when they are on disk and before who made them goes on.
    /// It is called by the thread that writes: it must be quick, and must not write.
    ///
    /// @return ends it
    public Runnable watch(Consumer<List<Change>> watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    /// Writes a whole copy of the store, as of one moment, to a file that can be put in the place of `weft.db` while no
    /// agent runs and no `weft.db-wal` is there.
    ///
    /// @throws StateException if it cannot be written, if there is a file of that name, or if the store is damaged
    public void backup(Path copy) {
        Backup.refuseIfThere(copy);
        Backup.write(image(copy), file, copy);
    }

    /// As [#backup(Path)], under a name of its own in a folder that both the agent and those who ask it can write.
    /// Whoever asked for it takes it away ([#move]); if nobody does, it goes with the next.
    ///
    /// @return where it is
    public Path backupInto(Path folder) {
        return Backup.writeInto(folder, image(file), file);
    }

    private Image image(Path copy) {
        try {
            var image = writer.alone(Database::copy);
            image.read(Contents::of);
            return image;
        } catch (DamagedException damage) {
            throw StateException.damaged(file, damage);
        } catch (SQLException failure) {
            throw Backup.failed(file, copy, failure);
        }
    }

    /// Moves a copy that [#backupInto] has made to where it is to be, on the disk there before this returns. It is gone
    /// from its first place then, also if this fails.
    ///
    /// @throws StateException if it cannot be written, or if there is a file of that name
    public static void move(Path copy, Path target) {
        Backup.move(copy, target);
    }

    /// @throws StateException if there is a file of that name, so that no backup can be written there
    public static void refuseBackup(Path target) {
        Backup.refuseIfThere(target);
    }

    /// As [#backup(Path)], of a folder that no process has open, and which is only read: a store of an older format is
    /// copied as it is.
    ///
    /// @throws StateException as [#backup(Path)], or if the store is not there or cannot be used
    public static void backup(Path folder, Path copy) {
        Backup.refuseIfThere(copy);
        var state = new StateFile(folder);
        Backup.write(state.lookAlone().image(), state.file(), copy);
    }

    /// Reads everything from the disk again and compares it with what is served.
    ///
    /// @throws StateException if it is damaged
    public void check() {
        try {
            boolean same = writer.alone(database ->
                    memory.all().equals(new HashSet<>(database.read().records())));
            if (!same) {
                throw new DamagedException("it has other records than are served");
            }
        } catch (DamagedException | SQLException damage) {
            throw StateException.damaged(file, damage);
        }
    }

    /// A sentence on why nothing can be written any more, until it is opened again; empty as long as it can.
    public Optional<String> failure() {
        return Optional.ofNullable(writer.end())
                .map(end -> "nothing can be written to " + file + " any more, since this happened: " + end
                        + ". Restart the agent.");
    }

    /// Finishes the writes under way and closes the store.
    @Override
    public void close() {
        writer.close();
        lock.close();
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
