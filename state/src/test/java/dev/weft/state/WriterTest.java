package dev.weft.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class WriterTest {
    private static final Writer.Work NOTHING = database -> {};

    @TempDir
    Path folder;

    private StateFile.Opened opened;
    private Writer writer;

    @BeforeEach
    void open() {
        opened = new StateFile(folder).open();
        writer = new Writer(opened.database(), folder.resolve("weft.db"));
    }

    @AfterEach
    void close() {
        writer.close();
        opened.lock().close();
    }

    private static Tombstone tombstone(int number) {
        return new Tombstone(Tombstone.Kind.NETWORK, "t" + number, "x", "x", Instant.EPOCH);
    }

    private static Writer.Work putting(StateRecord record) {
        return database -> database.apply(Change.put(record));
    }

    private long commits() throws Exception {
        close();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("weft.db"));
                var sql = connection.createStatement();
                var row = sql.executeQuery("SELECT commits FROM sealed")) {
            return row.getLong(1);
        }
    }

    @Test
    void writes_that_wait_share_a_commit_of_at_most_256() throws Exception {
        var begun = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var first = Thread.ofPlatform()
                .start(() -> writer.write(NOTHING, () -> {
                    begun.countDown();
                    await(goOn);
                }));
        begun.await(); // or others might be first, and end
        var others = new ArrayList<Thread>();
        for (int i = 0; i < 600; i++) {
            var write = putting(tombstone(i));
            others.add(Thread.ofPlatform().start(() -> writer.write(write, () -> {})));
        }
        for (var other : others) {
            while (other.getState() != Thread.State.WAITING) {
                Thread.sleep(1);
            }
        }
        goOn.countDown();
        first.join();
        for (var other : others) {
            other.join();
        }
        assertThat(commits()).isEqualTo(1 + 1 + 3); // the new file's, the first write's, 256 + 256 + 88
        assertThat(StateCheck.of(folder))
                .isInstanceOfSatisfying(
                        StateCheck.Sound.class,
                        sound -> assertThat(sound.records()).containsEntry("tombstone", 600));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    @Test
    void a_change_that_throws_fails_alone_and_leaves_nothing() throws Exception {
        assertThatThrownBy(() -> writer.write(
                        database -> {
                            database.apply(Change.put(tombstone(1)));
                            throw new IllegalArgumentException("of the test");
                        },
                        () -> {}))
                .isInstanceOf(StateException.class)
                .hasMessage("cannot write to " + folder.resolve("weft.db") + ": of the test. Nothing was changed.");
        writer.write(putting(tombstone(2)), () -> {});
        close();
        try (var registry = Registry.open(folder)) {
            assertThat(registry.tombstones()).containsExactly(tombstone(2));
        }
    }

    @Test
    void an_inquiry_that_throws_an_error_fails_alone() throws Exception {
        assertThatThrownBy(() -> writer.alone(database -> {
                    throw new OutOfMemoryError("of the test");
                }))
                .isInstanceOf(StateException.class)
                .hasMessage("cannot read " + folder.resolve("weft.db") + ": of the test");
        writer.write(putting(tombstone(1)), () -> {});
        assertThat(writer.alone(Database::read).records()).containsExactly(tombstone(1));
        assertThat(writer.end()).isNull();
    }

    @Test
    void an_error_ends_it_and_lets_nobody_wait() {
        assertThatThrownBy(() -> writer.write(
                        database -> {
                            throw new OutOfMemoryError("of the test");
                        },
                        () -> {}))
                .isInstanceOf(StateException.class)
                .hasMessageContaining("of the test");
        assertThatThrownBy(() -> {
                    while (true) {
                        writer.write(NOTHING, () -> {});
                    }
                })
                .isInstanceOf(StateException.class)
                .hasMessage("cannot write to " + folder.resolve("weft.db")
                        + ": it is closed. Start the agent again if it is not stopping");
        assertThatThrownBy(() -> writer.alone(Database::read)).isInstanceOf(StateException.class);
        assertThat(writer.end()).isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void what_was_done_before_an_error_is_not_in_the_file() {
        assertThatThrownBy(() -> writer.write(
                        database -> {
                            database.apply(Change.put(tombstone(1)));
                            throw new OutOfMemoryError("of the test");
                        },
                        () -> {}))
                .isInstanceOf(StateException.class);
        close();
        try (var registry = Registry.open(folder)) {
            assertThat(registry.tombstones()).isEmpty();
        }
    }

    @Test
    void a_write_by_its_own_thread_is_refused_instead_of_waiting_for_itself() {
        var refusals = new ArrayList<Throwable>();
        writer.write(NOTHING, () -> {
            try {
                writer.write(NOTHING, () -> {});
            } catch (IllegalStateException refusal) {
                refusals.add(refusal);
            }
        });
        assertThat(refusals)
                .singleElement()
                .satisfies(refusal -> assertThat(refusal)
                        .hasMessage("a watcher writes to " + folder.resolve("weft.db")
                                + ": it would wait for itself for ever"));
    }

    @Test
    void writes_that_wait_when_it_is_closed_are_still_made() throws Exception {
        var goOn = new CountDownLatch(1);
        var reached = new CountDownLatch(1);
        var threads = List.of(
                Thread.ofPlatform()
                        .start(() -> writer.write(NOTHING, () -> {
                            reached.countDown();
                            await(goOn);
                        })),
                Thread.ofPlatform().unstarted(() -> writer.write(putting(tombstone(1)), () -> {})),
                Thread.ofPlatform().unstarted(writer::close));
        reached.await();
        for (var thread : threads.subList(1, 3)) {
            thread.start();
            while (thread.getState() != Thread.State.WAITING) {
                Thread.sleep(1);
            }
        }
        goOn.countDown();
        for (var thread : threads) {
            thread.join();
        }
        close();
        try (var registry = Registry.open(folder)) {
            assertThat(registry.tombstones()).containsExactly(tombstone(1));
        }
    }
}
