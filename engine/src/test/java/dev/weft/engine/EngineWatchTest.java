package dev.weft.engine;

import static dev.weft.engine.fake.FakeEngine.EVENTS_HEAD;
import static dev.weft.engine.fake.FakeEngine.VERSION_28;
import static dev.weft.engine.fake.FakeEngine.chunk;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.engine.fake.FakeEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class EngineWatchTest {
    /// No pause is shortened.
    private static final RandomGenerator LARGEST = new Random(0) {
        private static final long serialVersionUID = 1;

        @Override
        public int nextInt(int bound) {
            return bound - 1;
        }
    };

    @TempDir
    private Path folder;

    private Path socket;

    @AutoClose
    private EngineApi api;

    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final BlockingQueue<Duration> pauses = new LinkedBlockingQueue<>();
    private final AtomicLong clock = new AtomicLong();

    @BeforeEach
    void makeClient() {
        socket = folder.resolve("docker.sock");
        api = new EngineApi(socket, Duration.ofMinutes(1));
    }

    private class Teller implements EngineListener {
        @Override
        public void connected() {
            told.add("connected");
        }

        @Override
        public void happened(EngineEvent event) {
            told.add(event.action() + " " + event.actorId());
        }

        @Override
        public void lost(EngineException reason) {
            told.add("lost: " + reason.getMessage().replace(socket.toString(), "SOCKET"));
        }
    }

    private EngineWatch watch(EngineListener listener) {
        return watch(listener, LARGEST);
    }

    private EngineWatch watch(EngineListener listener, RandomGenerator random) {
        return EngineWatch.start(
                api,
                listener,
                pause -> {
                    pauses.add(pause);
                    Thread.sleep(1);
                },
                clock::get,
                random);
    }

    private String next() throws InterruptedException {
        return told.take();
    }

    /// An engine that is away can be so in several ways, one after another.
    private String nextButReasons() throws InterruptedException {
        String one;
        do {
            one = next();
        } while (one.startsWith("lost: cannot follow the engine's events: cannot GET "));
        return one;
    }

    private static String event(String action, String id) {
        return chunk("{\"Type\":\"network\",\"Action\":\"" + action + "\",\"Actor\":{\"ID\":\"" + id + "\"}}\n");
    }

    /// Tells these events to each client, and then nothing.
    private FakeEngine engine(String events) throws IOException {
        return new FakeEngine(socket, (request, wire) -> {
            if (request.equals("GET /version")) {
                wire.send(VERSION_28);
            } else {
                wire.send(EVENTS_HEAD + events);
                wire.awaitEnd();
            }
        });
    }

    @Test
    void the_listener_hears_of_the_connection_and_then_of_each_event() throws Exception {
        try (var _ = engine(event("create", "n1") + event("destroy", "n1"));
                var _ = watch(new Teller())) {
            assertThat(next()).isEqualTo("connected");
            assertThat(next()).isEqualTo("create n1");
            assertThat(next()).isEqualTo("destroy n1");
        }
    }

    @Test
    void an_engine_that_is_restarted_is_followed_again_and_again() throws Exception {
        try (var _ = watch(new Teller())) {
            assertThat(next()).startsWith("lost: cannot follow the engine's events: cannot GET /version on SOCKET: ");
            for (int restart = 1; restart <= 5; restart++) {
                var engine = engine(event("create", "n" + restart));
                assertThat(nextButReasons()).isEqualTo("connected");
                assertThat(next()).isEqualTo("create n" + restart);
                engine.close();
                assertThat(next())
                        .isEqualTo("lost: cannot follow the engine's events on SOCKET any longer: the connection was "
                                + "closed before the answer was here. Look whether Docker Engine runs.");
                assertThat(next()).startsWith("lost: cannot follow the engine's events: cannot GET ");
            }
        }
    }

    @Test
    void a_reason_is_told_once() throws Exception {
        try (var _ = watch(new Teller())) {
            for (int i = 0; i < 20; i++) {
                pauses.take();
            }
        }
        assertThat(told).hasSize(1);
    }

    @Test
    void two_reasons_that_take_turns_are_told_once_each() throws Exception {
        var answers = new AtomicLong();
        FakeEngine.Script changing =
                (_, wire) -> wire.send(answers.getAndIncrement() % 2 == 0 ? FakeEngine.json(500, "{}") : "x\r\n\r\n");
        try (var _ = new FakeEngine(socket, changing);
                var _ = watch(new Teller())) {
            for (int i = 0; i < 20; i++) {
                pauses.take();
            }
        }
        assertThat(told).hasSize(2);
    }

    @Test
    void pauses_grow_from_a_tenth_of_a_second_to_five() throws Exception {
        try (var _ = watch(new Teller())) {
            assertThat(pauses(9)).containsExactly(100L, 200L, 400L, 800L, 1600L, 3200L, 5000L, 5000L, 5000L);
        }
    }

    @Test
    void pauses_are_shortened_by_up_to_a_half_at_random() throws Exception {
        try (var _ = watch(new Teller(), new Random(7))) {
            assertThat(pauses(3).getFirst()).isBetween(50L, 100L);
        }
        pauses.clear();
        RandomGenerator smallest = () -> 0;
        try (var _ = watch(new Teller(), smallest)) {
            assertThat(pauses(3)).containsExactly(50L, 100L, 200L);
        }
    }

    private List<Long> pauses(int count) throws InterruptedException {
        var millis = new ArrayList<Long>();
        for (int i = 0; i < count; i++) {
            millis.add(pauses.take().toMillis());
        }
        return millis;
    }

    @Test
    void after_a_connection_that_lasted_pauses_begin_anew() throws Exception {
        try (var _ = watch(new Teller())) {
            assertThat(pauses(7)).endsWith(3200L, 5000L);
            var engine = engine("");
            while (!next().equals("connected")) {}
            pauses.clear();
            clock.set(TimeUnit.SECONDS.toNanos(5));
            engine.close();
            assertThat(pauses(2)).containsExactly(100L, 200L);
        }
    }

    @Test
    void an_engine_that_hangs_up_at_once_is_not_asked_ever_faster() throws Exception {
        try (var _ = new FakeEngine(socket, (request, wire) -> {
                    wire.send(request.equals("GET /version") ? VERSION_28 : EVENTS_HEAD + "0\r\n\r\n");
                });
                var _ = watch(new Teller())) {
            assertThat(pauses(7)).containsExactly(100L, 200L, 400L, 800L, 1600L, 3200L, 5000L);
        }
    }

    @Test
    void a_listener_that_fails_is_told_of_a_new_connection() throws Exception {
        var failing = new Teller() {
            private int looks;

            @Override
            public void connected() {
                super.connected();
                if (++looks < 3) {
                    throw new IllegalStateException("thrown by the test");
                }
            }
        };
        try (var _ = engine(event("create", "n1"));
                var _ = watch(failing)) {
            assertThat(List.of(next(), next(), next(), next()))
                    .containsExactly("connected", "connected", "connected", "create n1");
        }
    }

    @Test
    void what_the_listener_cannot_ask_of_the_engine_is_told_as_a_loss() throws Exception {
        var asking = new Teller() {
            @Override
            public void connected() {
                api.networks();
            }
        };
        try (var _ = new FakeEngine(socket, (request, wire) -> {
                    if (request.contains("/events")) {
                        wire.send(EVENTS_HEAD);
                        wire.awaitEnd();
                    }
                    wire.send(
                            request.equals("GET /version") ? VERSION_28 : FakeEngine.json(500, "{\"message\":\"no\"}"));
                });
                var _ = watch(asking)) {
            assertThat(next()).isEqualTo("lost: cannot list the networks: the engine refuses with status 500: no");
        }
    }

    @Test
    void closing_ends_the_thread_whatever_it_waits_for() throws Exception {
        try (var _ = engine("")) {
            var watch = watch(new Teller());
            assertThat(next()).isEqualTo("connected");
            watch.close();
        }
        EngineWatch.start(api, new Teller(), _ -> Thread.sleep(Duration.ofDays(1)), clock::get, LARGEST)
                .close();
        try (var _ = new FakeEngine(socket, (_, wire) -> wire.awaitEnd())) {
            watch(new Teller()).close();
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("weft-engine-watch");
    }
}
