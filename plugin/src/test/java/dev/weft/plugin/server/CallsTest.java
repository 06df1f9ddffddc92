package dev.weft.plugin.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.http.HttpRequest;
import dev.weft.http.HttpResponse;
import dev.weft.plugin.*;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class CallsTest {
    private static final HttpRequest DELETE =
            new HttpRequest("POST", "/NetworkDriver.DeleteNetwork", "{\"NetworkID\":\"n\"}");

    @Test
    void whatever_a_driver_throws_is_answered_as_engines_show_it() {
        for (var thrown : new Throwable[] {
            new IllegalStateException("x"), new StackOverflowError(), new OutOfMemoryError("as if: thrown by the test")
        }) {
            var driver = new RecordingDriver() {
                @Override
                public void deleteNetwork(String networkId) {
                    throw CallsTest.<RuntimeException>sneaked(thrown);
                }
            };
            var answer = new Calls(new Routes(Plugin.of(driver)), Duration.ofMinutes(10)).handle(DELETE);
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.body())
                    .startsWith("{\"Err\":\"the plugin failed unexpectedly; its log says where.")
                    .contains("\"Error\":");
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T sneaked(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Test
    void a_driver_that_hangs_for_ever_is_not_given_calls_without_end() throws Exception {
        var freed = new CountDownLatch(1);
        var driver = new RecordingDriver() {
            @Override
            public void deleteNetwork(String networkId) {
                try {
                    freed.await();
                } catch (InterruptedException interrupted) {
                    throw new IllegalStateException(interrupted);
                }
            }
        };
        var calls = new Calls(new Routes(Plugin.of(driver)), Duration.ofMinutes(10));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ExecutorCompletionService<HttpResponse>(threads);
            Callable<HttpResponse> call = () -> calls.handle(DELETE);
            for (int i = 0; i < 1001; i++) {
                answers.submit(call);
            }
            // 1000 hang; the one that is answered was one too many.
            var refused = answers.take().get();
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.body())
                    .contains(
                            "\"Err\":\"1000 calls are unfinished already. See the plugin's log for what they wait for.\"");
            freed.countDown();
            for (int i = 0; i < 1000; i++) {
                assertThat(answers.take().get().status()).isEqualTo(200);
            }
        }
    }
}
