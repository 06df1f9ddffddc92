package dev.weft.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.lab.Etcd;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("lab")
@DisplayNameGeneration(ReplaceUnderscores.class)
class EtcdStoreTest {
    @TempDir
    Path folder;

    private Etcd etcd;
    private Store store;

    /// What a watch has told, a line each.
    private static final class Heard implements Store.Watcher {
        final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

        @Override
        public void changed(List<Store.Entry> written, List<String> removed) {
            written.forEach(entry -> lines.add(entry.key() + "=" + entry.value()));
            removed.forEach(key -> lines.add("no " + key));
        }

        @Override
        public void lost(StoreException reason) {
            lines.add("lost: " + reason.getMessage());
        }

        String next() throws InterruptedException {
            return String.valueOf(lines.poll(1, TimeUnit.MINUTES));
        }
    }

    @BeforeEach
    void connect() throws Exception {
        etcd = Etcd.start(Files.createDirectory(folder.resolve("etcd")));
        store = EtcdStore.connect(settings(etcd.client(), "/weft"));
    }

    private static EtcdSettings settings(URI endpoint, String prefix) {
        return new EtcdSettings(List.of(endpoint), prefix, null, null, null, null, null);
    }

    @AfterEach
    void end() {
        store.close();
        etcd.close();
    }

    private static Store.Put put(String key, String value) {
        return new Store.Put(key, value);
    }

    private long write(String key, String value) {
        return store.commit(List.of(), List.of(put(key, value))).orElseThrow();
    }

    @Test
    void what_is_written_is_read_with_the_revision_of_its_last_change() {
        assertThat(store.read().entries()).isEmpty();
        write("a/1", "é");
        long second = write("a/1", "two");
        assertThat(store.get("a/1")).contains(new Store.Entry("a/1", "two", second));
        assertThat(store.get("a/2")).isEmpty();
        assertThat(store.read()).isEqualTo(new Store.Snapshot(List.of(new Store.Entry("a/1", "two", second)), second));
    }

    @Test
    void clusters_with_other_prefixes_do_not_see_each_other() {
        try (var other = EtcdStore.connect(settings(etcd.client(), "/weft2"))) {
            other.commit(List.of(), List.of(put("a", "other")));
            write("a", "own");
            assertThat(store.read().entries()).extracting(Store.Entry::value).containsExactly("own");
        }
    }

    @Test
    void thousands_are_read_as_of_one_moment() {
        IntStream.range(0, 1000).forEach(i -> write("key/" + i, "x".repeat(2000)));
        assertThat(store.read().entries()).hasSize(1000);
    }

    @Test
    void a_commit_makes_all_of_its_writes_or_none() {
        long first = write("a", "1");
        assertThat(store.commit(
                        List.of(new Store.Expect("a", first), new Store.Expect("b", 0)),
                        List.of(put("a", "2"), put("b", "1"))))
                .isPresent();
        assertThat(store.commit(List.of(new Store.Expect("a", first)), List.of(put("a", "3"), put("c", "1"))))
                .isEmpty();
        assertThat(store.get("a")).map(Store.Entry::value).contains("2");
        assertThat(store.get("c")).isEmpty();
    }

    @Test
    void a_watch_tells_of_all_that_comes_after_a_revision_in_its_order() throws Exception {
        long before = write("a", "0");
        write("a", "1");
        var heard = new Heard();
        try (var _ = store.watch(before, heard)) {
            assertThat(heard.next()).isEqualTo("a=1");
            write("b", "2");
            assertThat(heard.next()).isEqualTo("b=2");
            etcd.ctl("del", "/weft/b").ok();
            assertThat(heard.next()).isEqualTo("no b");
        }
    }

    @Test
    void a_watch_whose_store_has_gone_says_so() throws Exception {
        var heard = new Heard();
        try (var _ = store.watch(write("a", "1"), heard)) {
            write("a", "2");
            assertThat(heard.next()).isEqualTo("a=2");
            etcd.kill();
            assertThat(heard.next()).startsWith("lost: cannot watch the store " + etcd.client() + " under /weft: ");
        }
    }

    @Test
    void what_is_compacted_cannot_be_watched_and_that_is_said() throws Exception {
        long first = write("a", "1");
        write("a", "2");
        long last = write("a", "3");
        etcd.ctl("compact", Long.toString(last)).ok();
        var heard = new Heard();
        try (var _ = store.watch(first, heard)) {
            assertThat(heard.next()).startsWith("lost: cannot watch the store " + etcd.client() + " under /weft: ");
        }
    }

    @Test
    void a_store_that_is_not_there_is_named() {
        etcd.kill();
        assertThatThrownBy(() -> store.read())
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("cannot read the store " + etcd.client() + " under /weft: ");
        assertThatThrownBy(() -> write("a", "1"))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("cannot write the store " + etcd.client() + " under /weft: ");
    }

    @Test
    void one_that_does_not_answer_is_given_up() {
        etcd.pause();
        assertThatThrownBy(() -> store.get("a"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("within 5 s");
        etcd.resume();
    }
}
