package dev.weft.state;

import static java.util.Objects.requireNonNull;

import dev.weft.inet.AddressText;
import dev.weft.json.Json;
import dev.weft.json.JsonObject;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A host of the cluster, as it has told of itself last.
///
/// @param id        given once, see [MemberRecord#id]
/// @param name      of the machine: for sentences
/// @param addresses by which other hosts reach it, one of each family at most
/// @param port      UDP, where it takes VXLAN packets
/// @param weft      its agent's version
/// @param uses      ids of the cluster's networks that containers of it are on, running or not
/// @param forgotten whether a person has said that it is gone for good: what was its own is others' now
/// @param version   grows with each change
public record HostRecord(
        String id,
        String name,
        List<InetAddress> addresses,
        int port,
        String weft,
        List<String> uses,
        boolean forgotten,
        long version)
        implements StateRecord {
    private static final int LARGEST_PORT = 65_535;

    public HostRecord {
        requireNonNull(id, "id");
        requireNonNull(name, "name");
        requireNonNull(weft, "weft");
        addresses = List.copyOf(addresses);
        uses = uses.stream().sorted().toList();
    }

    public HostRecord at(long laterVersion) {
        return new HostRecord(id, name, addresses, port, weft, uses, forgotten, laterVersion);
    }

    @Override
    public String key() {
        return id;
    }

    /// As the cluster's store has it.
    public String text() {
        var values = new LinkedHashMap<String, Object>();
        values.put("id", id);
        values.put("name", name);
        values.put("addresses", addresses.stream().map(AddressText::of).toList());
        values.put("port", port);
        values.put("weft", weft);
        values.put("uses", uses);
        values.put("forgotten", forgotten);
        values.put("version", version);
        return Json.write(values);
    }

    /// @throws IllegalArgumentException if it is not what [#text] writes
    public static HostRecord parse(String text) {
        var values = JsonObject.parse("the host", text);
        return new HostRecord(
                values.string("id"),
                values.string("name"),
                values.strings("addresses").stream().map(InetAddress::ofLiteral).toList(),
                values.number("port", LARGEST_PORT),
                values.string("weft"),
                values.strings("uses"),
                values.flag("forgotten", false),
                values.number("version", 0, Long.MAX_VALUE));
    }

    /// The address of that family; null if it has none.
    public @Nullable InetAddress address(boolean ipv4) {
        return addresses.stream()
                .filter(address -> (address.getAddress().length == Integer.BYTES) == ipv4)
                .findFirst()
                .orElse(null);
    }
}
