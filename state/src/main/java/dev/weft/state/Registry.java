package dev.weft.state;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Every network and endpoint that should exist on this host.
///
/// Reads come from memory. A write returns when it is on disk (SQLite, WAL, synchronous=FULL) and is visible to
/// reads from then on; writes that come together share one commit. Any thread may call.
public final class Registry implements AutoCloseable {
    private final Map<String, NetworkRecord> networks = new ConcurrentHashMap<>();
    private final Map<String, EndpointRecord> endpoints = new ConcurrentHashMap<>();
    private final Writer writer;

    private Registry(Database database, Path file) throws SQLException {
        database.networks().forEach(network -> networks.put(network.id(), network));
        database.endpoints().forEach(endpoint -> endpoints.put(endpoint.id(), endpoint));
        writer = new Writer(database, file);
    }

    /// Opens the store in this folder, making both where they are missing. One process at a time may hold it.
    ///
    /// @throws StateException if the store is in use, damaged, foreign or of a newer format;
    /// nothing is changed then
    public static Registry open(Path folder) {
        var file = folder.resolve("weft.db");
        var database = Database.open(file);
        try {
            return new Registry(database, file);
        } catch (SQLException | IllegalArgumentException unreadable) {
            database.close();
            throw Database.damaged(file, unreadable);
        }
    }

    public Collection<NetworkRecord> networks() {
        return List.copyOf(networks.values());
    }

    public Optional<NetworkRecord> network(String id) {
        return Optional.ofNullable(networks.get(id));
    }

    public Optional<EndpointRecord> endpoint(String id) {
        return Optional.ofNullable(endpoints.get(id));
    }

    public List<EndpointRecord> endpointsOf(String networkId) {
        return endpoints.values().stream()
                .filter(endpoint -> endpoint.networkId().equals(networkId))
                .toList();
    }

    /// Records a network, or replaces what was recorded of it.
    public void put(NetworkRecord network) {
        writer.write(database -> database.put(network), () -> networks.put(network.id(), network));
    }

    /// Records an endpoint, or replaces what was recorded of it.
    ///
    /// @throws StateException if its network is not recorded
    public void put(EndpointRecord endpoint) {
        writer.write(database -> database.put(endpoint), () -> endpoints.put(endpoint.id(), endpoint));
    }

    /// Forgets a network and its endpoints; one that is not known is no error.
    public void removeNetwork(String id) {
        writer.write(database -> database.removeNetwork(id), () -> {
            networks.remove(id);
            endpoints.values().removeIf(endpoint -> endpoint.networkId().equals(id));
        });
    }

    /// Forgets an endpoint; one that is not known is no error.
    public void removeEndpoint(String id) {
        writer.write(database -> database.removeEndpoint(id), () -> endpoints.remove(id));
    }

    /// Finishes the writes under way and closes the store.
    @Override
    public void close() {
        writer.close();
    }
}
