package dev.weft.examples.ipamfile;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.*;

import dev.weft.inet.*;
import dev.weft.plugin.Refusal;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;
import java.util.stream.Stream;

/// Pools in a text file. A change is on disk when [#put] returns, and is in the file wholly or not at all.
///
///     offer 10.210.1.0/24                                    for networks without --subnet; typed by a person
///     pool local 10.50.0.0/16 10.50.8.0/24 1                 address space, subnet, range, networks
///     address local/10.50.0.0/16/10.50.8.0/24 10.50.8.1 0    pool, address, how often it was asked for by name
final class PoolFile implements AutoCloseable {
    private static final String HEADER = "# Stop the plugin before you change anything here.\n";

    private final Path path;
    /// Held until the process ends, however it ends.
    private final FileChannel lock;

    private final List<Subnet> offers = new ArrayList<>();
    private SortedMap<String, Pool> pools = new TreeMap<>();

    /// @throws IOException if there is no such file, another process has it, or it cannot be understood
    PoolFile(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new IOException("there is no file " + file + ". Make it, empty or with 'offer 10.210.1.0/24'.");
        }
        path = file.toRealPath();
        lock = FileChannel.open(beside(".lock"), CREATE, WRITE);
        if (lock.tryLock() == null) {
            throw new IOException("another process serves " + path + ". Stop that one first.");
        }
        for (var line : Files.readAllLines(path)) {
            try {
                read(line);
            } catch (RuntimeException unreadable) {
                throw new IOException(
                        "cannot read " + path + ": what is '" + line + "'? Correct that line.", unreadable);
            }
        }
    }

    private Path beside(String suffix) {
        return path.resolveSibling(path.getFileName() + suffix);
    }

    private void read(String line) {
        if (line.isBlank() || line.startsWith("#")) {
            return;
        }
        var words = line.strip().split("\\s+", -1);
        switch (words[0] + " " + (words.length - 1)) {
            case "offer 1" -> offers.add(Subnet.parse(words[1]));
            case "pool 4" -> {
                int networks = Integer.parseInt(words[4]);
                var pool = new Pool(words[1], Subnet.parse(words[2]), Subnet.parse(words[3]), networks, Map.of());
                pools.put(pool.id(), pool);
            }
            case "address 3" -> {
                var address = InetAddress.ofLiteral(words[2]);
                int asked = Integer.parseInt(words[3]);
                pools.put(words[1], pool(words[1]).orElseThrow().withAddress(address, asked));
            }
            default -> throw new IllegalArgumentException(line);
        }
    }

    List<Subnet> offers() {
        return offers;
    }

    Stream<Pool> pools() {
        return pools.values().stream();
    }

    Optional<Pool> pool(String id) {
        return Optional.ofNullable(pools.get(id));
    }

    /// Replaces the pool of that id; takes it away if no network has it.
    ///
    /// @throws Refusal if the disk does not take it; nothing has changed then
    void put(Pool pool) {
        var changed = new TreeMap<>(pools);
        if (pool.networks() > 0) {
            changed.put(pool.id(), pool);
        } else {
            changed.remove(pool.id());
        }
        if (changed.equals(pools)) {
            return;
        }
        try {
            write(changed.values());
        } catch (IOException failure) {
            throw new Refusal("cannot record addresses in " + path + ": " + failure + ". Is the disk full?", failure);
        }
        pools = changed;
    }

    private void write(Collection<Pool> all) throws IOException {
        var text = new StringBuilder(HEADER);
        offers.forEach(offer -> text.append("offer ").append(offer).append('\n'));
        for (var pool : all) {
            text.append("pool %s %s %s %d\n".formatted(pool.space(), pool.subnet(), pool.range(), pool.networks()));
            pool.addresses()
                    .forEach((address, asked) ->
                            text.append("address %s %s %d\n".formatted(pool.id(), AddressText.of(address), asked)));
        }
        var next = beside(".new");
        try (var out = FileChannel.open(next, CREATE, TRUNCATE_EXISTING, WRITE)) {
            var bytes = StandardCharsets.UTF_8.encode(text.toString());
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(next, path, ATOMIC_MOVE);
        try (var folder = FileChannel.open(path.getParent(), READ)) {
            folder.force(true); // the new name too
        }
    }

    /// Lets another process serve it, as the end of this one does.
    @Override
    public void close() throws IOException {
        lock.close();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
