package dev.weft.agent.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.http.HttpResponse;
import dev.weft.http.HttpServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class ServiceTest {
    private static final String READY = "READY=1\nSTATUS=ready: 3 networks";
    private static final String STOPPING = "STOPPING=1\nSTATUS=stopping";
    private static final SelfCall NONE = new SelfCall(null, Duration.ofSeconds(1));

    @TempDir
    private Path folder;

    private NotifySocket manager;

    @BeforeEach
    void listen() {
        manager = new NotifySocket(folder.resolve("notify"));
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private Map<String, String> environment(String... more) {
        var notify = folder.resolve("notify").toString();
        return more.length == 0
                ? Map.of("NOTIFY_SOCKET", notify)
                : Map.of("NOTIFY_SOCKET", notify, "WATCHDOG_USEC", more[0], "WATCHDOG_PID", more[1]);
    }

    private static String self() {
        return String.valueOf(ProcessHandle.current().pid());
    }

    @Test
    void it_is_ready_once_then_its_status_follows_and_its_end_is_told() throws Exception {
        try (var service = Service.start(environment(), NONE)) {
            service.ready("ready: 3 networks");
            assertThat(manager.next()).isEqualTo(READY);
            service.ready("ready: 3 networks");
            service.ready("the Weft agent cannot work:\nx.");
            assertThat(manager.next()).isEqualTo("STATUS=the Weft agent cannot work: x.");
        }
        assertThat(manager.next()).isEqualTo(STOPPING);
        assertThat(manager.waiting()).isZero();
    }

    @Test
    void one_that_stops_before_it_is_ready_says_so() throws Exception {
        Service.start(environment(), NONE).close();
        assertThat(manager.next()).isEqualTo(STOPPING);
    }

    @Test
    void without_a_manager_nothing_is_told() {
        try (var service = Service.start(Map.of("WATCHDOG_USEC", "2000"), NONE)) {
            service.ready("ready: 3 networks");
        }
        assertThat(manager.waiting()).isZero();
    }

    @Test
    void a_manager_that_is_gone_keeps_nobody() {
        var gone = Map.of("NOTIFY_SOCKET", folder.resolve("gone").toString());
        try (var service = Service.start(gone, NONE)) {
            service.ready("ready: 3 networks");
        }
    }

    @Test
    void it_lives_as_long_as_the_agent_answers_its_own_calls_and_again_when_it_does() throws Exception {
        var plugin = folder.resolve("weft.sock");
        var answers = new Semaphore(2);
        try (var _ = HttpServer.listen(plugin, request -> {
                    assertThat(request.path()).isEqualTo("/NetworkDriver.GetCapabilities");
                    return answers.tryAcquire()
                            ? new HttpResponse(200, "application/json", "{}")
                            : new HttpResponse(500, "application/json", "{}");
                });
                var service = Service.start(environment("200000", self()), SelfCall.on(plugin))) {
            service.ready("ready: 3 networks");
            assertThat(manager.next()).isEqualTo(READY);
            assertThat(manager.next()).isEqualTo("WATCHDOG=1");
            assertThat(manager.next()).isEqualTo("WATCHDOG=1");
            Thread.sleep(Duration.ofMillis(500));
            assertThat(manager.waiting()).isZero();
            answers.release();
            assertThat(manager.next()).isEqualTo("WATCHDOG=1");
        }
    }

    @Test
    void an_agent_that_hangs_gives_no_sign_of_life() throws Exception {
        var plugin = folder.resolve("weft.sock");
        var called = new CountDownLatch(1);
        var never = new CountDownLatch(1);
        try (var _ = HttpServer.listen(plugin, request -> {
                    called.countDown();
                    await(never);
                    return new HttpResponse(200, "application/json", "{}");
                });
                var service =
                        Service.start(environment("200000", self()), new SelfCall(plugin, Duration.ofMillis(100)))) {
            service.ready("ready: 3 networks");
            assertThat(manager.next()).isEqualTo(READY);
            called.await();
            service.ready("ready: 4 networks");
            assertThat(manager.next()).isEqualTo("STATUS=ready: 4 networks");
            assertThat(manager.waiting()).isZero();
            never.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    @Test
    void an_agent_whose_socket_was_taken_away_is_not_restarted_for_that() throws Exception {
        try (var service = Service.start(environment("200000", self()), SelfCall.on(folder.resolve("gone")))) {
            service.ready("ready: 3 networks");
            assertThat(manager.next()).isEqualTo(READY);
            assertThat(manager.next()).isEqualTo("WATCHDOG=1");
        }
    }

    @Test
    void a_watchdog_of_another_process_is_not_fed() throws Exception {
        for (var environment : List.of(environment("20000", "1"), environment("soon", self()))) {
            try (var service = Service.start(environment, NONE)) {
                service.ready("ready: 3 networks");
                assertThat(manager.next()).isEqualTo(READY);
                Thread.sleep(Duration.ofMillis(100));
            }
            assertThat(manager.next()).isEqualTo(STOPPING);
        }
    }

    @Test
    void its_children_are_not_told_of_the_manager() throws IOException {
        var child = new ProcessBuilder("env");
        child.environment().putAll(environment("1", "2"));
        child.environment().put("LISTEN_FDS", "1");
        Service.hideFrom(child);
        try (var lines = child.start().inputReader()) {
            assertThat(lines.lines()).noneMatch(line -> line.matches("(NOTIFY|WATCHDOG|LISTEN)_.*"));
        }
    }
}
