package dev.weft.state;

import dev.weft.inet.Cidr;
import dev.weft.inet.MacAddress;
import dev.weft.inet.Subnet;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The state as Weft 0.1 before 2026-12 wrote it: only read, to be brought to today's format.
final class Format1 {
    static final int NUMBER = 1;

    /// In an order in which they can be dropped.
    static final List<String> TABLES = List.of("endpoint", "network_option", "network_pool", "network");

    /// What Docker's own IPAM calls its address space: then, Weft had no IPAM driver.
    private static final String ADDRESS_SPACE = "LocalDefault";

    private Format1() {}

    /// @throws DamagedException if it cannot be read
    static Contents read(Connection connection) throws SQLException {
        var pools = new HashMap<String, List<NetworkSubnet>>();
        var options = new HashMap<String, Map<String, String>>();
        var records = new ArrayList<StateRecord>();
        Contents.checkPages(connection);
        try {
            Contents.each(
                    connection,
                    "SELECT * FROM network_pool ORDER BY position",
                    row -> pools.computeIfAbsent(row.text("network"), network -> new ArrayList<>())
                            .add(subnet(row)));
            Contents.each(
                    connection,
                    "SELECT * FROM network_option",
                    row -> options.computeIfAbsent(row.text("network"), network -> new HashMap<>())
                            .put(row.text("name"), row.text("value")));
            Contents.each(connection, "SELECT * FROM network", row -> records.add(network(row, pools, options)));
            Contents.each(connection, "SELECT * FROM endpoint", row -> records.add(endpoint(row)));
        } catch (IllegalArgumentException unreadable) {
            throw new DamagedException(String.valueOf(unreadable.getMessage()));
        }
        return new Contents(records, Seal.NONE);
    }

    private static NetworkSubnet subnet(Row row) {
        return new NetworkSubnet(
                row.value("subnet", Subnet::parse), row.optional("gateway", Cidr::parse), ADDRESS_SPACE);
    }

    private static NetworkRecord network(
            Row row, Map<String, List<NetworkSubnet>> pools, Map<String, Map<String, String>> options) {
        var id = row.text("id");
        return new NetworkRecord(
                id,
                null,
                row.text("mode"),
                row.number("mtu"),
                row.flag("internal"),
                pools.getOrDefault(id, List.of()),
                options.getOrDefault(id, Map.of()));
    }

    private static EndpointRecord endpoint(Row row) {
        return new EndpointRecord(
                row.text("id"),
                row.text("network"),
                row.optional("ipv4", Cidr::parse),
                row.optional("ipv6", Cidr::parse),
                row.value("mac", MacAddress::parse),
                row.optionalText("sandbox"),
                null,
                null,
                Map.of());
    }
}
