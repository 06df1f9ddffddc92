package dev.weft.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class HttpServerTest {
    private static final HttpHandler ECHO = request ->
            new HttpResponse(200, "text/plain", request.method() + " " + request.path() + " " + request.body());
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration SHORT = Duration.ofMillis(200);
    /// Long enough for a request to arrive on a machine that has other work.
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(3);

    @TempDir
    private Path folder;

    private Path socket() {
        return folder.resolve("http.sock");
    }

    private static String post(String path, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    @Test
    void a_request_as_engine_20_10_sends_it_with_an_empty_host_header_is_answered() throws IOException {
        // facts: wire/20.10/08-run.jsonl, the request of NetworkDriver.DeleteNetwork, ids shortened.
        var request = "POST /NetworkDriver.DeleteNetwork HTTP/1.1\r\nHost: \r\nUser-Agent: Go-http-client/1.1\r\n"
                + "Content-Length: 21\r\nAccept: application/vnd.docker.plugins.v1.2+json\r\n\r\n"
                + "{\"NetworkID\":\"16d2\"}\n";
        try (var _ = HttpServer.listen(socket(), ECHO);
                var client = new RawClient(socket())) {
            assertThat(client.send(request).answer())
                    .isEqualTo("200 POST /NetworkDriver.DeleteNetwork {\"NetworkID\":\"16d2\"}\n");
        }
    }

    @Test
    void an_answer_tells_its_content_type_and_length() throws IOException {
        try (var _ = HttpServer.listen(socket(), _ -> new HttpResponse(201, "text/x", "é"));
                var client = new RawClient(socket())) {
            client.send(post("/", ""));
            assertThat(client.line()).isEqualTo("HTTP/1.1 201 Created");
            assertThat(client.line()).isEqualTo("content-length: 2");
            assertThat(client.line()).isEqualTo("content-type: text/x");
        }
    }

    @Test
    void a_connection_serves_one_request_after_another() throws IOException {
        try (var _ = HttpServer.listen(socket(), ECHO);
                var client = new RawClient(socket())) {
            assertThat(client.send(post("/a", "1")).answer()).isEqualTo("200 POST /a 1");
            assertThat(client.send(post("/b", "22")).answer()).isEqualTo("200 POST /b 22");
        }
    }

    @Test
    void a_request_that_arrives_byte_by_byte_is_one_request() throws IOException {
        try (var _ = HttpServer.listen(socket(), ECHO);
                var client = new RawClient(socket())) {
            for (char c : post("/a", "xyz").toCharArray()) {
                client.send(String.valueOf(c));
            }
            assertThat(client.answer()).isEqualTo("200 POST /a xyz");
        }
    }

    @Test
    void a_chunked_body_is_put_together() throws IOException {
        try (var _ = HttpServer.listen(socket(), ECHO);
                var client = new RawClient(socket())) {
            client.send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
            assertThat(client.answer()).isEqualTo("200 POST / abcde");
        }
    }

    @Test
    void a_client_that_asks_first_is_told_to_send_its_body() throws IOException {
        try (var _ = HttpServer.listen(socket(), ECHO);
                var client = new RawClient(socket())) {
            client.send("POST / HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
            assertThat(client.answer()).isEqualTo("100 ");
            assertThat(client.send("ok").answer()).isEqualTo("200 POST / ok");
        }
    }

    @Test
    void pipelined_requests_are_handled_one_at_a_time_and_answered_in_order() throws IOException {
        var running = new AtomicInteger();
        HttpHandler onlyOneAtATime = request -> {
            if (running.incrementAndGet() > 1) {
                throw new IllegalStateException("two at once");
            }
            Thread.yield();
            running.decrementAndGet();
            return ECHO.handle(request);
        };
        try (var _ = HttpServer.listen(socket(), onlyOneAtATime);
                var client = new RawClient(socket())) {
            var requests = new StringBuilder();
            IntStream.range(0, 200).forEach(i -> requests.append(post("/" + i, "body")));
            client.send(requests.toString());
            for (int i = 0; i < 200; i++) {
                assertThat(client.answer()).isEqualTo("200 POST /" + i + " body");
            }
        }
    }

    @Test
    void fifty_requests_run_at_the_same_time() throws Exception {
        var all = new CyclicBarrier(50);
        HttpHandler together = request -> {
            await(all);
            return ECHO.handle(request);
        };
        try (var _ = HttpServer.listen(socket(), together);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Future<String>>();
            for (int i = 0; i < 50; i++) {
                var request = post("/" + i, "");
                answers.add(threads.submit(() -> {
                    try (var client = new RawClient(socket())) {
                        return client.send(request).answer();
                    }
                }));
            }
            for (int i = 0; i < 50; i++) {
                assertThat(answers.get(i).get()).isEqualTo("200 POST /" + i + " ");
            }
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Test
    void a_body_of_the_limit_is_taken_and_one_byte_more_is_answered_413() throws IOException {
        var limits = new HttpLimits(10, 4, LONG, LONG);
        try (var _ = HttpServer.listen(socket(), ECHO, limits);
                var fits = new RawClient(socket());
                var declared = new RawClient(socket());
                var chunked = new RawClient(socket())) {
            assertThat(fits.send(post("/", "0123456789")).answer()).isEqualTo("200 POST / 0123456789");
            assertThat(declared.send(post("/", "0123456789x")).answer())
                    .isEqualTo("413 cannot take the request: the body has more than 10 bytes.\n");
            assertThat(declared.isAtEnd()).isTrue();
            chunked.send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n01234567\r\n8\r\n01234567\r\n");
            assertThat(chunked.answer()).startsWith("413 ");
        }
    }

    @Test
    void a_client_that_sends_far_too_much_still_reads_the_answer() throws IOException {
        try (var _ = HttpServer.listen(socket(), ECHO);
                var client = new RawClient(socket())) {
            assertThat(client.send(post("/", "x".repeat(20 << 20))).answer()).startsWith("413 ");
        }
    }

    @Test
    void a_malformed_request_behind_a_good_one_is_answered_second() throws IOException {
        try (var _ = HttpServer.listen(socket(), ECHO);
                var client = new RawClient(socket())) {
            client.send(post("/good", "") + "bad\r\n\r\n");
            assertThat(client.answer()).isEqualTo("200 POST /good ");
            assertThat(client.answer()).startsWith("400 ");
        }
    }

    @Test
    void a_connection_ends_when_the_client_asks_for_it() throws IOException {
        try (var _ = HttpServer.listen(socket(), ECHO);
                var client = new RawClient(socket())) {
            client.send("GET /last HTTP/1.1\r\nConnection: close\r\n\r\n");
            assertThat(client.answer()).isEqualTo("200 GET /last ");
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void a_client_that_says_nothing_is_disconnected() throws IOException {
        try (var _ = HttpServer.listen(socket(), ECHO, new HttpLimits(10, 4, SHORT, LONG));
                var client = new RawClient(socket())) {
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST / HT", "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nab"})
    void a_client_that_stalls_within_a_request_is_disconnected(String beginning) throws IOException {
        try (var _ = HttpServer.listen(socket(), ECHO, new HttpLimits(10, 4, SHORT, LONG));
                var client = new RawClient(socket())) {
            assertThat(client.send(beginning).isAtEnd()).isTrue();
        }
    }

    @Test
    void a_client_that_stalls_within_a_later_request_is_disconnected() throws IOException {
        try (var _ = HttpServer.listen(socket(), ECHO, new HttpLimits(10, 4, LONG_ENOUGH, LONG));
                var client = new RawClient(socket())) {
            client.send(post("/", "")).answer();
            client.send("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nab");
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void a_connection_idle_between_requests_is_closed_in_the_end() throws IOException {
        try (var _ = HttpServer.listen(socket(), ECHO, new HttpLimits(10, 4, LONG, SHORT));
                var client = new RawClient(socket())) {
            client.send(post("/", "")).answer();
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void a_handler_may_take_longer_than_all_timeouts() throws Exception {
        var othersGone = new CountDownLatch(1);
        HttpHandler slow = request -> {
            await(othersGone);
            return ECHO.handle(request);
        };
        try (var _ = HttpServer.listen(socket(), slow, new HttpLimits(10, 4, LONG_ENOUGH, LONG_ENOUGH));
                var client = new RawClient(socket());
                var silent = new RawClient(socket())) {
            client.send(post("/slow", ""));
            assertThat(silent.isAtEnd()).isTrue();
            othersGone.countDown();
            assertThat(client.answer()).isEqualTo("200 POST /slow ");
        }
    }

    @Test
    void clients_beyond_the_limit_are_served_when_others_have_gone() throws IOException {
        try (var _ = HttpServer.listen(socket(), ECHO, new HttpLimits(10, 2, LONG, LONG))) {
            var clients = new ArrayList<RawClient>();
            for (int i = 0; i < 100; i++) {
                clients.add(new RawClient(socket()));
            }
            for (var client : clients) {
                assertThat(client.send(post("/", "")).answer()).isEqualTo("200 POST / ");
                client.close();
            }
        }
    }

    @Test
    void an_exception_of_the_handler_is_a_sentence_for_the_client_and_one_line_in_the_log() throws IOException {
        var fault = new IllegalStateException("boom");
        HttpHandler failing = _ -> {
            throw fault;
        };
        try (var logged = new LoggedRecords(Connection.class);
                var _ = HttpServer.listen(socket(), failing);
                var client = new RawClient(socket())) {
            assertThat(client.send(post("/x", "")).answer())
                    .isEqualTo("500 cannot answer POST /x: an internal error; see the plugin's log.\n");
            assertThat(logged.messages()).containsExactly("cannot answer POST /x");
            assertThat(logged.records().getFirst().getThrown()).isSameAs(fault);
            assertThat(client.send(post("/again", "")).answer()).startsWith("500 ");
        }
    }

    @Test
    void a_client_that_leaves_while_its_request_is_handled_disturbs_nobody() throws Exception {
        var begun = new CountDownLatch(1);
        var gone = new CountDownLatch(1);
        var finished = new CountDownLatch(1);
        HttpHandler slow = request -> {
            if (request.path().equals("/slow")) {
                begun.countDown();
                await(gone);
                finished.countDown();
            }
            return ECHO.handle(request);
        };
        try (var logged = new LoggedRecords(Connection.class);
                var server = HttpServer.listen(socket(), slow)) {
            try (var client = new RawClient(socket())) {
                client.send(post("/slow", ""));
                begun.await();
            }
            gone.countDown();
            finished.await();
            try (var client = new RawClient(socket())) {
                assertThat(client.send(post("/other", "")).answer()).isEqualTo("200 POST /other ");
            }
            server.stop(LONG);
            assertThat(logged.messages()).isEmpty();
        }
    }

    /// Answers at once, but for `/slow`: that says when it has begun, and waits.
    private static HttpHandler slow(CountDownLatch begun, CountDownLatch end) {
        return request -> {
            if (request.path().equals("/slow")) {
                begun.countDown();
                await(end);
            }
            return ECHO.handle(request);
        };
    }

    @Test
    void stopping_waits_for_requests_in_flight_and_ends_idle_connections() throws Exception {
        var begun = new CountDownLatch(1);
        var stopping = new CountDownLatch(1);
        var server = HttpServer.listen(socket(), slow(begun, stopping));
        try (var idle = new RawClient(socket());
                var busy = new RawClient(socket());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            idle.send(post("/", "")).answer();
            busy.send(post("/slow", ""));
            begun.await();
            var stopped = threads.submit(() -> server.stop(LONG));
            assertThat(idle.isAtEnd()).isTrue();
            assertThatThrownBy(() -> new RawClient(socket())).isInstanceOf(IOException.class);
            assertThat(stopped.isDone()).isFalse();
            stopping.countDown();
            assertThat(busy.answer()).isEqualTo("200 POST /slow ");
            assertThat(busy.isAtEnd()).isTrue();
            stopped.get();
        }
    }

    /// The moment is short, because clients do better with a closed connection: tried until it is met.
    @Test
    void a_call_that_comes_on_an_idle_connection_in_the_moment_of_stopping_is_answered() throws Exception {
        for (int attempt = 0; attempt < 100; attempt++) {
            var server = HttpServer.listen(socket(), ECHO);
            try (var client = new RawClient(socket());
                    var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                client.send(post("/", "")).answer();
                var stopped = threads.submit(() -> server.stop(LONG));
                while (!server.isDraining()) {
                    Thread.onSpinWait();
                }
                var answer = client.send(post("/late", "")).answer();
                stopped.get();
                assertThat(answer).isEqualTo("200 POST /late ");
                assertThat(client.isAtEnd()).isTrue();
                return;
            } catch (IOException tooLate) {
                // closed already
            }
        }
        fail("no call came in time");
    }

    @Test
    void who_waits_to_be_accepted_when_the_server_stops_is_answered() throws Exception {
        var begun = new CountDownLatch(1);
        var stopping = new CountDownLatch(1);
        var server = HttpServer.listen(socket(), slow(begun, stopping));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var clients = new ArrayList<RawClient>();
            for (int i = 0; i < 20; i++) {
                clients.add(new RawClient(socket()).send(post("/" + i, "")));
            }
            var busy = new RawClient(socket()).send(post("/slow", ""));
            var stopped = threads.submit(() -> server.stop(LONG));
            for (int i = 0; i < 20; i++) {
                assertThat(clients.get(i).answer()).isEqualTo("200 POST /" + i + " ");
                clients.get(i).close();
            }
            begun.await();
            stopping.countDown();
            assertThat(busy.answer()).isEqualTo("200 POST /slow ");
            busy.close();
            stopped.get();
        }
    }

    @Test
    void stopping_does_not_wait_longer_than_the_grace() throws Exception {
        var begun = new CountDownLatch(1);
        var never = new CountDownLatch(1);
        HttpHandler hanging = request -> {
            begun.countDown();
            await(never);
            return ECHO.handle(request);
        };
        try (var logged = new LoggedRecords(HttpServer.class);
                var server = HttpServer.listen(socket(), hanging);
                var client = new RawClient(socket())) {
            client.send(post("/", ""));
            begun.await();
            server.stop(Duration.ofMillis(50));
            assertThat(client.isAtEnd()).isTrue();
            assertThat(logged.messages()).containsExactly("stopped with requests unanswered after 50 ms");
            never.countDown();
        }
    }

    @Test
    void a_request_past_its_deadline_is_answered_once_and_ends_the_connection() throws Exception {
        var freed = new CountDownLatch(1);
        var handlerThread = new CompletableFuture<Thread>();
        HttpHandler slow = new HttpHandler() {
            @Override
            public HttpResponse handle(HttpRequest request) {
                if (request.path().equals("/slow")) {
                    handlerThread.complete(Thread.currentThread());
                    await(freed);
                }
                return ECHO.handle(request);
            }

            @Override
            public Optional<Duration> deadline() {
                // long enough for a quick request on a busy machine
                return Optional.of(Duration.ofSeconds(2));
            }
        };
        try (var _ = HttpServer.listen(socket(), slow);
                var client = new RawClient(socket())) {
            client.send(post("/quick", "") + post("/slow", "") + post("/unheard", ""));
            assertThat(client.answer()).isEqualTo("200 POST /quick ");
            assertThat(client.answer()).isEqualTo("504 no answer to POST /slow in time.\n");
            assertThat(client.isAtEnd()).isTrue();
            freed.countDown();
            assertThat(client.isAtEnd()).isTrue();
        }
        handlerThread.get().join();
    }

    @Test
    void a_request_that_is_done_just_at_its_deadline_is_answered() throws Exception {
        var atTheDeadline = Duration.ofMillis(5);
        HttpHandler slow = new HttpHandler() {
            @Override
            public HttpResponse handle(HttpRequest request) {
                LockSupport.parkNanos(atTheDeadline.toNanos());
                return ECHO.handle(request);
            }

            @Override
            public Optional<Duration> deadline() {
                return Optional.of(atTheDeadline);
            }
        };
        try (var _ = HttpServer.listen(socket(), slow)) {
            for (int i = 0; i < 200; i++) {
                try (var client = new RawClient(socket())) {
                    assertThat(client.send(post("/", "")).answer())
                            .isIn("200 POST / ", "504 no answer to POST / in time.\n");
                }
            }
        }
    }

    @Test
    void a_late_answer_that_fails_ends_no_other_deadline() throws Exception {
        var never = new CountDownLatch(1);
        HttpHandler failing = new HttpHandler() {
            @Override
            public HttpResponse handle(HttpRequest request) {
                await(never);
                return ECHO.handle(request);
            }

            @Override
            public Optional<Duration> deadline() {
                return Optional.of(SHORT);
            }

            @Override
            public HttpResponse late(HttpRequest request) {
                throw new AssertionError("thrown by the test");
            }
        };
        try (var _ = new LoggedRecords(Connection.class);
                var server = HttpServer.listen(socket(), failing)) {
            for (int i = 0; i < 2; i++) {
                try (var client = new RawClient(socket())) {
                    assertThat(client.send(post("/", "")).answer())
                            .isEqualTo("500 cannot answer POST /: an internal error; see the plugin's log.\n");
                }
            }
            server.stop(LONG);
        } finally {
            never.countDown();
        }
    }

    @Test
    void who_was_answered_in_time_or_late_leaves_room_for_others() throws Exception {
        var never = new CountDownLatch(1);
        HttpHandler slow = new HttpHandler() {
            @Override
            public HttpResponse handle(HttpRequest request) {
                if (request.path().startsWith("/slow")) {
                    await(never);
                }
                return ECHO.handle(request);
            }

            @Override
            public Optional<Duration> deadline() {
                return Optional.of(SHORT);
            }
        };
        try (var server = HttpServer.listen(socket(), slow, new HttpLimits(10, 2, LONG, LONG))) {
            for (int i = 0; i < 6; i++) {
                try (var client = new RawClient(socket())) {
                    assertThat(client.send(post("/slow" + i, "")).answer())
                            .isEqualTo("504 no answer to POST /slow" + i + " in time.\n");
                }
            }
            server.stop(LONG);
        } finally {
            never.countDown();
        }
    }

    @Test
    void the_longest_deadline_and_grace_are_none() throws IOException {
        HttpHandler patient = new HttpHandler() {
            @Override
            public HttpResponse handle(HttpRequest request) {
                return ECHO.handle(request);
            }

            @Override
            public Optional<Duration> deadline() {
                return Optional.of(ChronoUnit.FOREVER.getDuration());
            }
        };
        var server = HttpServer.listen(socket(), patient);
        try (var client = new RawClient(socket())) {
            assertThat(client.send(post("/", "")).answer()).isEqualTo("200 POST / ");
        }
        server.stop(ChronoUnit.FOREVER.getDuration());
    }

    @Test
    void closing_twice_is_closing_once() throws IOException {
        var server = HttpServer.listen(socket(), ECHO);
        server.close();
        server.close();
        assertThat(Files.exists(socket())).isFalse();
    }

    /// Listing the interfaces takes the kernel's lock on all links, and so seconds while others are changing them.
    @Test
    void a_server_starts_and_serves_without_looking_at_the_network_interfaces() throws IOException {
        var classes = folder.resolve("classes.txt");
        try (var other = new ServingProcess(socket(), "-Xlog:class+load:file=" + classes)) {
            assertThat(other.outcome()).isEqualTo("serving");
            try (var client = new RawClient(socket())) {
                assertThat(client.send(post("/", "")).answer()).isEqualTo("200 from the other process");
            }
        }
        assertThat(classes).content().contains(" io.netty.channel.socket.nio.NioDomainSocketChannel ");
        assertThat(classes).content().doesNotContain(" io.netty.util.NetUtil ");
    }

    @Test
    void the_end_of_a_request_after_the_servers_is_not_worth_a_line() throws Exception {
        var begun = new CountDownLatch(1);
        var stopped = new CountDownLatch(1);
        var handlerThread = new CompletableFuture<Thread>();
        HttpHandler late = request -> {
            handlerThread.complete(Thread.currentThread());
            begun.countDown();
            await(stopped);
            return ECHO.handle(request);
        };
        var uncaught = new CopyOnWriteArrayList<Throwable>();
        var before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((_, failure) -> uncaught.add(failure));
        try (var logged = new LoggedRecords(Connection.class);
                var _ = new LoggedRecords(HttpServer.class);
                var server = HttpServer.listen(socket(), late);
                var client = new RawClient(socket())) {
            client.send(post("/", ""));
            begun.await();
            server.stop(Duration.ZERO);
            stopped.countDown();
            handlerThread.get().join();
            assertThat(logged.messages()).isEmpty();
            assertThat(uncaught).isEmpty();
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }
}
