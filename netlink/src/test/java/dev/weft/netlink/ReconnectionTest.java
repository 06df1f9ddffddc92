package dev.weft.netlink;

import static dev.weft.netlink.ScriptedKernel.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// A connection that broke or whose work died, and what becomes of the calls after that.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ReconnectionTest {
    private final ScriptedKernel kernel = new ScriptedKernel(Duration.ofMinutes(1));
    private final Netlink netlink = kernel.netlink();
    private final ExecutorService caller = Executors.newCachedThreadPool();

    @AfterEach
    void end() {
        kernel.close();
        caller.close();
    }

    private <T> Future<T> calling(Callable<T> call) {
        return caller.submit(call);
    }

    private Future<Boolean> deleting(int index) {
        return calling(() -> {
            netlink.delete(index);
            return true;
        });
    }

    @Test
    void after_an_Error_the_next_call_connects_again() throws Exception {
        var death = calling(() -> kernel.connection().perform("do this", _ -> {
            kernel.hangUp();
            throw new StackOverflowError("too deep");
        }));
        assertThatThrownBy(death::get)
                .hasRootCauseInstanceOf(StackOverflowError.class)
                .cause()
                .hasMessage("cannot do this: the connection has died of java.lang.StackOverflowError: too deep."
                        + " What was being changed may be half done: read it back. The next call connects again");
        var next = deleting(7);
        kernel.send(answer(kernel.sequenceOfNext(), 0));
        assertThat(next.get()).isTrue();
    }

    @Test
    void when_the_other_side_hangs_up_the_call_fails_and_the_next_one_connects_again() throws Exception {
        var call = deleting(7);
        kernel.receive();
        kernel.hangUp();
        assertThatThrownBy(call::get)
                .hasRootCauseMessage("cannot delete link 7: the connection to the kernel broke:"
                        + " it was closed at the other end. Whether it was done is not known; read it back");
        var next = deleting(8);
        kernel.send(answer(kernel.sequenceOfNext(), 0));
        assertThat(next.get()).isTrue();
    }

    @Test
    void a_connection_that_cannot_be_opened_again_says_why_and_is_tried_with_each_call() throws Exception {
        kernel.refuseSockets(true);
        var death = calling(() -> kernel.connection().perform("do this", _ -> {
            throw new AssertionError();
        }));
        assertThatThrownBy(death::get).hasMessageContaining("has died of");
        assertThatThrownBy(deleting(7)::get)
                .hasRootCauseMessage("cannot open a netlink socket: Too many open files (EMFILE)");
        kernel.hangUp();
        kernel.refuseSockets(false);
        var next = deleting(8);
        kernel.send(answer(kernel.sequenceOfNext(), 0));
        assertThat(next.get()).isTrue();
    }

    @Test
    void closing_ends_one_that_has_no_socket() {
        kernel.refuseSockets(true);
        var death = calling(() -> kernel.connection().perform("do this", _ -> {
            throw new AssertionError();
        }));
        assertThatThrownBy(death::get).hasMessageContaining("has died of");
        netlink.close();
        assertThatThrownBy(() -> netlink.delete(7)).hasMessage("cannot delete link 7: the connection was closed");
    }
}
