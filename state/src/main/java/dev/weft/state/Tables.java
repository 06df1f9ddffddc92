package dev.weft.state;

import dev.weft.inet.AddressText;
import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.inet.Subnet;
import dev.weft.state.Table.Column;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The tables of format 3, in an order in which those that are referred to come first.
final class Tables {
    private static final String KEY = "TEXT PRIMARY KEY";
    private static final String TEXT = "TEXT NOT NULL";
    private static final String NUMBER = "INTEGER NOT NULL";

    static final Table<NetworkRecord> NETWORK = new Table<>(
            NetworkRecord.class,
            "network",
            List.of(
                    new Column<>("id", KEY, NetworkRecord::id),
                    new Column<>("name", "TEXT", NetworkRecord::name),
                    new Column<>("mode", TEXT, NetworkRecord::mode),
                    new Column<>("mtu", NUMBER, NetworkRecord::mtu),
                    new Column<>("internal", NUMBER, network -> number(network.internal())),
                    new Column<>("subnets", TEXT, network -> SubnetList.write(network.subnets())),
                    new Column<>("options", TEXT, network -> Pairs.write(network.options()))),
            row -> new NetworkRecord(
                    row.text("id"),
                    row.optionalText("name"),
                    row.text("mode"),
                    row.number("mtu"),
                    row.flag("internal"),
                    row.value("subnets", SubnetList::read),
                    row.pairs("options")));

    static final Table<EndpointRecord> ENDPOINT = new Table<>(
            EndpointRecord.class,
            "endpoint",
            List.of(
                    new Column<>("id", KEY, EndpointRecord::id),
                    new Column<>("network", "TEXT NOT NULL REFERENCES network", EndpointRecord::networkId),
                    new Column<>("ipv4", "TEXT", endpoint -> text(endpoint.ipv4())),
                    new Column<>("ipv6", "TEXT", endpoint -> text(endpoint.ipv6())),
                    new Column<>("mac", TEXT, endpoint -> endpoint.mac().toString()),
                    new Column<>("sandbox", "TEXT", EndpointRecord::sandbox),
                    new Column<>("interface", "TEXT", EndpointRecord::interfaceName),
                    new Column<>("container", "TEXT", EndpointRecord::container),
                    new Column<>("options", TEXT, endpoint -> Pairs.write(endpoint.options()))),
            row -> new EndpointRecord(
                    row.text("id"),
                    row.text("network"),
                    row.optional("ipv4", Cidr::parse),
                    row.optional("ipv6", Cidr::parse),
                    row.value("mac", MacAddress::parse),
                    row.optionalText("sandbox"),
                    row.optionalText("interface"),
                    row.optionalText("container"),
                    row.pairs("options")));

    static final Table<PoolRecord> POOL = new Table<>(
            PoolRecord.class,
            "pool",
            List.of(
                    new Column<>("id", KEY, PoolRecord::id),
                    new Column<>("space", TEXT, PoolRecord::addressSpace),
                    new Column<>("subnet", TEXT, pool -> pool.subnet().toString()),
                    new Column<>("range", TEXT, pool -> pool.range().toString()),
                    new Column<>("network", "TEXT", PoolRecord::networkId), // of any driver: refers to nothing
                    new Column<>("options", TEXT, pool -> Pairs.write(pool.options()))),
            row -> new PoolRecord(
                    row.text("space"),
                    row.value("subnet", Subnet::parse),
                    row.value("range", Subnet::parse),
                    row.optionalText("network"),
                    row.pairs("options")));

    static final Table<AddressRecord> ADDRESS = new Table<>(
            AddressRecord.class,
            "address",
            List.of(
                    new Column<>("id", KEY, AddressRecord::key),
                    new Column<>("pool", "TEXT NOT NULL REFERENCES pool", AddressRecord::poolId),
                    new Column<>("address", TEXT, given -> AddressText.of(given.address())),
                    new Column<>("purpose", TEXT, given -> given.purpose().name()),
                    new Column<>("holders", NUMBER, AddressRecord::holders)),
            row -> new AddressRecord(
                    row.text("pool"),
                    row.value("address", InetAddress::ofLiteral),
                    row.value("purpose", AddressRecord.Purpose::valueOf),
                    row.number("holders")));

    static final Table<EngineRecord> ENGINE = new Table<>(
            EngineRecord.class,
            "engine",
            List.of(
                    new Column<>("key", KEY, EngineRecord::key),
                    new Column<>("id", TEXT, EngineRecord::id),
                    new Column<>("name", TEXT, EngineRecord::name),
                    new Column<>("version", TEXT, EngineRecord::version)),
            row -> new EngineRecord(row.text("id"), row.text("name"), row.text("version")));

    static final Table<Tombstone> TOMBSTONE = new Table<>(
            Tombstone.class,
            "tombstone",
            List.of(
                    new Column<>("key", KEY, Tombstone::key),
                    new Column<>("kind", TEXT, gone -> gone.kind().name()),
                    new Column<>("id", TEXT, Tombstone::id),
                    new Column<>("title", TEXT, Tombstone::title),
                    new Column<>("reason", TEXT, Tombstone::reason),
                    new Column<>("at", NUMBER, gone -> gone.at().toEpochMilli())),
            row -> new Tombstone(
                    row.value("kind", Tombstone.Kind::valueOf),
                    row.text("id"),
                    row.text("title"),
                    row.text("reason"),
                    Instant.ofEpochMilli(row.longNumber("at"))));

    static final Table<MemberRecord> MEMBER = new Table<>(
            MemberRecord.class,
            "member",
            List.of(
                    new Column<>("key", KEY, MemberRecord::key),
                    new Column<>("id", TEXT, MemberRecord::id),
                    new Column<>("machine", TEXT, MemberRecord::machine),
                    new Column<>("version", NUMBER, MemberRecord::version)),
            row -> new MemberRecord(row.text("id"), row.text("machine"), row.longNumber("version")));

    static final Table<HostRecord> HOST = new Table<>(
            HostRecord.class,
            "host",
            List.of(
                    new Column<>("id", KEY, HostRecord::id),
                    new Column<>("name", TEXT, HostRecord::name),
                    new Column<>("said", TEXT, HostRecord::text)),
            row -> row.value("said", HostRecord::parse));

    static final Table<SharedNetwork> SHARED_NETWORK = new Table<>(
            SharedNetwork.class,
            "shared_network",
            List.of(
                    new Column<>("id", KEY, SharedNetwork::id),
                    new Column<>("name", TEXT, SharedNetwork::name),
                    new Column<>("said", TEXT, SharedNetwork::text)),
            row -> row.value("said", SharedNetwork::parse));

    static final Table<ReplicaRecord> REPLICA = new Table<>(
            ReplicaRecord.class,
            "replica",
            List.of(
                    new Column<>("network", KEY, ReplicaRecord::networkId),
                    new Column<>("shared", TEXT, ReplicaRecord::sharedId)),
            row -> new ReplicaRecord(row.text("network"), row.text("shared")));

    static final Table<EndpointShard> SHARD = new Table<>(
            EndpointShard.class,
            "remote_endpoints",
            List.of(new Column<>("key", KEY, EndpointShard::key), new Column<>("said", TEXT, EndpointShard::text)),
            row -> row.value("said", EndpointShard::parse));

    static final Table<BlockMap> BLOCKS = new Table<>(
            BlockMap.class,
            "blocks",
            List.of(new Column<>("key", KEY, BlockMap::key), new Column<>("said", TEXT, BlockMap::text)),
            row -> row.value("said", BlockMap::parse));

    /// What this host has.
    static final List<Table<?>> OF_HOST = List.of(NETWORK, ENDPOINT, POOL, ADDRESS, ENGINE, TOMBSTONE);

    /// What is known of a cluster.
    private static final List<Table<?>> OF_CLUSTER = List.of(MEMBER, HOST, SHARED_NETWORK, REPLICA, SHARD, BLOCKS);

    static final List<Table<?>> ALL =
            Stream.of(OF_HOST, OF_CLUSTER).flatMap(List::stream).toList();

    /// Foreign keys need them: without, removing a network or a pool reads the whole other table.
    private static final List<String> INDEXES = List.of(
            "CREATE INDEX endpoint_network ON endpoint (network)", "CREATE INDEX address_pool ON address (pool)");

    /// Has one row: see [Seal].
    private static final String SEALED =
            "CREATE TABLE sealed (rows INTEGER NOT NULL, sum INTEGER NOT NULL, commits INTEGER NOT NULL) STRICT";

    private Tables() {}

    /// The statements that make all of them.
    static List<String> creation() {
        return creation(ALL);
    }

    /// Likewise those, with what belongs to them.
    static List<String> creation(List<Table<?>> tables) {
        return Stream.of(tables.stream().map(Table::creation), INDEXES.stream(), Stream.of(SEALED))
                .flatMap(statements -> statements)
                .toList();
    }

    /// The table of the record's kind.
    @SuppressWarnings("unchecked") // a table's type is that of its records
    static <R extends StateRecord> Table<R> of(R record) {
        return (Table<R>)
                switch (record) {
                    case NetworkRecord network -> NETWORK;
                    case EndpointRecord endpoint -> ENDPOINT;
                    case PoolRecord pool -> POOL;
                    case AddressRecord address -> ADDRESS;
                    case EngineRecord engine -> ENGINE;
                    case Tombstone tombstone -> TOMBSTONE;
                    case MemberRecord member -> MEMBER;
                    case HostRecord host -> HOST;
                    case SharedNetwork shared -> SHARED_NETWORK;
                    case ReplicaRecord replica -> REPLICA;
                    case EndpointShard shard -> SHARD;
                    case BlockMap blocks -> BLOCKS;
                };
    }

    private static int number(boolean flag) {
        return flag ? 1 : 0;
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
