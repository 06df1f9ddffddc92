package dev.weft.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// An etcd, of version 3.4 or later, through jetcd.
public final class EtcdStore implements Store {
    /// Of what is read at one go: an answer must stay below gRPC's limit of 4 MiB.
    private static final int PAGE = 200;

    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final Duration KEEPALIVE = Duration.ofSeconds(5);
    private static final int LARGEST_ANSWER = 64 << 20;

    private final EtcdSettings settings;
    private final Client client;
    private final ByteSequence everything;

    private EtcdStore(EtcdSettings settings, Client client) {
        this.settings = settings;
        this.client = client;
        this.everything = key("");
    }

    /// Does not wait for an answer of the etcd.
    ///
    /// @throws StoreException if a file of the settings cannot be used
    public static EtcdStore connect(EtcdSettings settings) {
        var builder = Client.builder()
                .endpoints(settings.endpoints())
                .connectTimeout(DEADLINE)
                .keepaliveTime(KEEPALIVE)
                .keepaliveTimeout(KEEPALIVE)
                .keepaliveWithoutCalls(true)
                .maxInboundMessageSize(LARGEST_ANSWER)
                .retryMaxAttempts(1)
                .waitForReady(false);
        if (settings.isEncrypted()) {
            encrypt(builder, settings);
        }
        if (settings.user() != null) {
            builder.user(bytes(settings.user()))
                    .password(bytes(settings.password() == null ? "" : settings.password()));
        }
        return new EtcdStore(settings, builder.build());
    }

    private static void encrypt(ClientBuilder builder, EtcdSettings settings) {
        try {
            var authorities = read("store_ca", settings.authorities());
            var certificate = read("store_certificate", settings.certificate());
            var key = read("store_key", settings.key());
            builder.sslContext(tls -> {
                if (authorities != null) {
                    tls.trustManager(authorities.toFile());
                }
                if (certificate != null && key != null) {
                    tls.keyManager(certificate.toFile(), key.toFile());
                }
            });
        } catch (IOException | IllegalArgumentException unusable) {
            throw new StoreException("cannot connect to " + settings + ": " + unusable.getMessage(), unusable);
        }
    }

    private static @Nullable Path read(String name, @Nullable Path file) throws IOException {
        if (file != null && !Files.isReadable(file)) {
            throw new IOException(name + " " + file + " cannot be read");
        }
        return file;
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, UTF_8);
    }

    private ByteSequence key(String key) {
        return bytes(settings.prefix() + "/" + key);
    }

    private String name(ByteSequence key) {
        return key.toString(UTF_8).substring(settings.prefix().length() + 1);
    }

    private Entry entry(KeyValue pair) {
        return new Entry(name(pair.getKey()), pair.getValue().toString(UTF_8), pair.getModRevision());
    }

    @Override
    public Snapshot read() {
        var entries = new ArrayList<Entry>();
        var from = everything;
        long revision = 0;
        while (true) {
            var options = GetOption.builder()
                    .withRange(end(everything))
                    .withLimit(PAGE)
                    .withRevision(revision)
                    .build();
            var page = await("read", client.getKVClient().get(from, options));
            if (revision == 0) {
                revision = page.getHeader().getRevision();
            }
            page.getKvs().forEach(pair -> entries.add(entry(pair)));
            if (!page.isMore()) {
                return new Snapshot(entries, revision);
            }
            from = page.getKvs().getLast().getKey().concat(ByteSequence.from(new byte[1]));
        }
    }

    /// The first key that does not begin so.
    private static ByteSequence end(ByteSequence prefix) {
        var bytes = prefix.getBytes();
        bytes[bytes.length - 1]++; // it ends with a slash
        return ByteSequence.from(bytes);
    }

    @Override
    public Optional<Entry> get(String key) {
        return await("read", client.getKVClient().get(key(key))).getKvs().stream()
                .findFirst()
                .map(this::entry);
    }

    @Override
    public Optional<Long> commit(List<Expect> expected, List<Put> writes) {
        var transaction = client.getKVClient()
                .txn()
                .If(expected.stream()
                        .map(one -> new Cmp(key(one.key()), Cmp.Op.EQUAL, CmpTarget.modRevision(one.revision())))
                        .toArray(Cmp[]::new))
                .Then(writes.stream()
                        .map(one -> Op.put(key(one.key()), bytes(one.value()), PutOption.DEFAULT))
                        .toArray(Op[]::new));
        TxnResponse answer = await("write", transaction.commit());
        return answer.isSucceeded() ? Optional.of(answer.getHeader().getRevision()) : Optional.empty();
    }

    private <T> T await(String doing, CompletableFuture<T> answer) {
        try {
            return answer.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException slow) {
            answer.cancel(true);
            throw new StoreException(
                    "cannot " + doing + " the store " + settings + ": it has not answered within "
                            + DEADLINE.toSeconds() + " s",
                    slow);
        } catch (ExecutionException failure) {
            throw failed(doing, failure.getCause() == null ? failure : failure.getCause());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new StoreException("cannot " + doing + " the store " + settings + ": the agent stops", stop);
        }
    }

    private StoreException failed(String doing, Throwable cause) {
        return new StoreException("cannot " + doing + " the store " + settings + ": " + reason(cause), cause);
    }

    /// gRPC puts the first cause last.
    private static String reason(Throwable failure) {
        var deepest = failure;
        for (var cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            deepest = cause;
        }
        return deepest.getMessage() == null ? deepest.toString() : deepest.getMessage();
    }

    @Override
    public AutoCloseable watch(long revision, Watcher watcher) {
        var options = WatchOption.builder()
                .withRange(end(everything))
                .withRevision(revision + 1)
                .withRequireLeader(true)
                .build();
        return client.getWatchClient().watch(everything, options, new Watch.Listener() {
            @Override
            public void onNext(WatchResponse response) {
                var written = new ArrayList<Entry>();
                var removed = new ArrayList<String>();
                for (var event : response.getEvents()) {
                    switch (event.getEventType()) {
                        case PUT -> written.add(entry(event.getKeyValue()));
                        case DELETE -> removed.add(name(event.getKeyValue().getKey()));
                        case UNRECOGNIZED -> {} // of a newer etcd
                    }
                }
                watcher.changed(written, removed);
            }

            @Override
            public void onError(Throwable failure) {
                watcher.lost(failed("watch", failure));
            }

            @Override
            public void onCompleted() {
                watcher.lost(new StoreException("the store " + settings + " tells of no more changes"));
            }
        });
    }

    @Override
    public void close() {
        client.close();
    }

    @Override
    public String toString() {
        return settings.toString();
    }
}
