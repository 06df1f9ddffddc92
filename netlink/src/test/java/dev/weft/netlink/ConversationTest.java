package dev.weft.netlink;

import static dev.weft.netlink.ScriptedKernel.answer;
import static dev.weft.netlink.ScriptedKernel.done;
import static dev.weft.netlink.ScriptedKernel.link;
import static dev.weft.netlink.ScriptedKernel.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.inet.MacAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// What a connection makes of answers good and bad, given by a script at the other end of a socket pair.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ConversationTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int MULTI = 2; // NLM_F_MULTI, linux/netlink.h
    private static final int INTERRUPTED = 0x10; // NLM_F_DUMP_INTR

    private final ScriptedKernel kernel = new ScriptedKernel(LONG);
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
    void a_change_is_done_when_it_is_acknowledged() throws Exception {
        var call = deleting(7);
        var request = kernel.receive();
        assertThat(request.getInt(0)).isEqualTo(32);
        assertThat(request.getShort(4)).isEqualTo((short) 17); // RTM_DELLINK
        assertThat(request.getShort(6)).isEqualTo((short) 5); // NLM_F_REQUEST | NLM_F_ACK
        assertThat(request.getInt(20)).isEqualTo(7);
        kernel.send(answer(request.getInt(8), 0));
        assertThat(call.get()).isTrue();
    }

    @Test
    void answers_to_others_are_skipped() throws Exception {
        var call = deleting(7);
        int sequence = kernel.sequenceOfNext();
        kernel.send(answer(sequence - 1, 19));
        kernel.send(answer(sequence + 1, 19), link(sequence - 1, 0, 3, "stale", 0));
        kernel.send(answer(sequence, 0));
        assertThat(call.get()).isTrue();
    }

    @Test
    void only_the_last_of_a_batch_asks_for_an_answer_and_refusals_are_told_apart() throws Exception {
        var call = calling(
                () -> netlink.attempt(List.of(Request.deleteLink(5), Request.deleteLink(6), Request.deleteLink(7))));
        var batch = kernel.receive();
        assertThat(batch.remaining()).isEqualTo(96);
        assertThat(batch.getShort(6)).isEqualTo((short) 1);
        assertThat(batch.getShort(38)).isEqualTo((short) 1);
        assertThat(batch.getShort(70)).isEqualTo((short) 5);
        int sequence = batch.getInt(8);
        kernel.send(answer(sequence + 1, 16));
        kernel.send(answer(sequence + 2, 0));
        assertThat(call.get()).containsOnlyKeys(1);
        assertThat(call.get().get(1)).hasMessage("cannot delete link 6: Device or resource busy (EBUSY)");
    }

    @Test
    void a_thousand_FDB_entries_go_out_in_few_datagrams() throws Exception {
        var requests = new ArrayList<Request>();
        for (int i = 0; i < 1000; i++) {
            requests.add(Request.addFdb(
                    FdbEntry.tunnel(3, new MacAddress(0x020000000000L + i), InetAddress.ofLiteral("10.0.0.2"))));
        }
        var call = calling(() -> netlink.attempt(requests));
        int datagrams = 0;
        for (int sent = 0; sent < 1000; datagrams++) {
            var datagram = kernel.receive();
            int here = datagram.remaining() / 48;
            sent += here;
            kernel.send(answer(datagram.getInt(8) + here - 1, 0));
        }
        assertThat(call.get()).isEmpty();
        assertThat(datagrams).isLessThanOrEqualTo(10); // a socket pair's queue holds fewer answers than netlink's
    }

    @Test
    void a_list_that_changed_while_it_was_read_is_read_again() throws Exception {
        var call = calling(netlink::links);
        int first = kernel.sequenceOfNext();
        kernel.send(link(first, MULTI, 1, "lo", 0));
        kernel.send(link(first, MULTI | INTERRUPTED, 2, "eth0", 0), done(first, 0, 0));
        int second = kernel.sequenceOfNext();
        kernel.send(link(second, MULTI, 1, "lo", 0), link(second, MULTI, 3, "eth1", 0), done(second, 0, 0));
        assertThat(call.get()).extracting(Link::name).containsExactly("lo", "eth1");
    }

    @Test
    void a_list_whose_end_says_that_it_changed_is_read_again() throws Exception {
        var call = calling(netlink::links);
        int first = kernel.sequenceOfNext();
        kernel.send(link(first, MULTI, 1, "lo", 0), done(first, INTERRUPTED, 0));
        int second = kernel.sequenceOfNext();
        kernel.send(done(second, 0, 0));
        assertThat(call.get()).isEmpty();
    }

    @Test
    void a_kernel_that_is_busy_or_interrupted_is_asked_again() throws Exception {
        var call = calling(netlink::links);
        kernel.send(answer(kernel.sequenceOfNext(), 16));
        kernel.send(done(kernel.sequenceOfNext(), 0, 4));
        int third = kernel.sequenceOfNext();
        kernel.send(link(third, MULTI, 1, "lo", 0), done(third, 0, 0));
        assertThat(call.get()).hasSize(1);
    }

    @Test
    void a_list_that_never_keeps_still_is_given_up_with_a_sentence() {
        var call = calling(netlink::links);
        for (int attempt = 0; attempt < 64; attempt++) {
            kernel.send(done(kernel.sequenceOfNext(), INTERRUPTED, 0));
        }
        assertThatThrownBy(call::get)
                .hasRootCauseMessage("cannot list links: it changed during each of 64 attempts."
                        + " Try again when less is going on");
    }

    @Test
    void FDB_entries_are_read_again_if_one_was_removed_meanwhile() throws Exception {
        var call = calling(netlink::fdb);
        int first = kernel.sequenceOfNext();
        kernel.send(fdb(28, first, 1), fdb(28, first, 2));
        kernel.announce(fdb(29, 0, 1)); // so 3 took the place of 2, and is skipped
        kernel.send(fdb(28, first, 4), done(first, 0, 0));
        int second = kernel.sequenceOfNext();
        kernel.announce(fdb(28, 0, 5));
        kernel.send(fdb(28, second, 2), fdb(28, second, 3));
        kernel.send(fdb(28, second, 3), fdb(28, second, 4));
        kernel.send(done(second, 0, 0));
        assertThat(call.get()).extracting(entry -> entry.mac().bits()).containsExactly(2L, 3L, 4L);
    }

    @Test
    void FDB_entries_that_came_in_one_datagram_are_of_one_moment() throws Exception {
        var call = calling(netlink::fdb);
        int sequence = kernel.sequenceOfNext();
        kernel.announce(fdb(29, 0, 1));
        kernel.send(fdb(28, sequence, 1), fdb(28, sequence, 2));
        kernel.send(done(sequence, 0, 0));
        assertThat(call.get()).extracting(entry -> entry.mac().bits()).containsExactly(1L, 2L);
    }

    @Test
    void a_removed_FDB_entry_does_not_spoil_the_reading_of_neighbors() throws Exception {
        var call = calling(netlink::neighbors);
        int sequence = kernel.sequenceOfNext();
        kernel.announce(fdb(29, 0, 1));
        kernel.send(neighbor(sequence, "10.0.0.1"));
        kernel.send(neighbor(sequence, "10.0.0.2"), done(sequence, 0, 0));
        assertThat(call.get()).hasSize(2);
    }

    @Test
    void qdiscs_are_read_again_if_one_or_its_link_was_removed_meanwhile() throws Exception {
        var call = calling(netlink::qdiscs);
        int first = kernel.sequenceOfNext();
        kernel.send(qdisc(36, first, 1));
        kernel.announce(qdisc(37, 0, 1)); // RTM_DELQDISC
        kernel.send(qdisc(36, first, 3), done(first, 0, 0));
        int second = kernel.sequenceOfNext();
        kernel.send(qdisc(36, second, 2));
        kernel.announce(message(17, 0, 0, new byte[16])); // RTM_DELLINK
        kernel.send(qdisc(36, second, 4), done(second, 0, 0));
        int third = kernel.sequenceOfNext();
        kernel.announce(qdisc(36, 0, 5));
        kernel.send(qdisc(36, third, 3));
        kernel.send(qdisc(36, third, 4), done(third, 0, 0));
        assertThat(call.get()).containsExactly(Qdisc.ingress(3), Qdisc.ingress(4));
    }

    @Test
    void filters_are_read_again_if_one_was_removed_meanwhile() throws Exception {
        var call = calling(() -> netlink.filters(3, Handle.INGRESS_QDISC));
        int first = kernel.sequenceOfNext();
        kernel.send(filter(first, 1));
        kernel.announce(message(45, 0, 0, new byte[20])); // RTM_DELTFILTER
        kernel.send(filter(first, 3), done(first, 0, 0));
        int second = kernel.sequenceOfNext();
        kernel.send(filter(second, 2));
        kernel.send(filter(second, 3), done(second, 0, 0));
        assertThat(call.get()).extracting(Filter::priority).containsExactly(2, 3);
    }

    private static byte[] qdisc(int type, int sequence, int index) {
        var out = new MessageWriter();
        Qdisc.ingress(index).encode(out);
        return message(type, MULTI, sequence, out.toBytes());
    }

    private static byte[] filter(int sequence, int priority) {
        var out = new MessageWriter();
        new Filter(3, Handle.INGRESS_QDISC, priority, Filter.ALL_PROTOCOLS, 0x80000800, new Redirect(4)).encode(out);
        return message(44, MULTI, sequence, out.toBytes());
    }

    private static byte[] neighbor(int sequence, String address) {
        var out = new MessageWriter();
        Neighbor.permanent(3, InetAddress.ofLiteral(address), new MacAddress(1)).encode(out);
        return message(28, MULTI, sequence, out.toBytes());
    }

    /// @param type 28 for RTM_NEWNEIGH, 29 for RTM_DELNEIGH
    private static byte[] fdb(int type, int sequence, int mac) {
        var out = new MessageWriter();
        FdbEntry.tunnel(3, new MacAddress(mac), InetAddress.ofLiteral("10.0.0.2"))
                .encode(out);
        return message(type, MULTI, sequence, out.toBytes());
    }

    @Test
    void an_answer_longer_than_the_buffer_is_asked_for_again_with_a_longer_one() throws Exception {
        var call = calling(() -> netlink.link(3));
        kernel.send(link(kernel.sequenceOfNext(), 0, 3, "eth0", 40_000));
        kernel.send(link(kernel.sequenceOfNext(), 0, 3, "eth0", 40_000));
        assertThat(call.get()).map(Link::name).contains("eth0");
    }

    @Test
    void a_part_of_a_list_that_is_longer_than_the_buffer_makes_it_read_again() throws Exception {
        var call = calling(netlink::links);
        int first = kernel.sequenceOfNext();
        kernel.send(link(first, MULTI, 1, "lo", 40_000));
        kernel.send(done(first, 0, 0));
        int second = kernel.sequenceOfNext();
        kernel.send(link(second, MULTI, 1, "lo", 40_000));
        kernel.send(done(second, 0, 0));
        assertThat(call.get()).extracting(Link::name).containsExactly("lo");
    }

    @Test
    void an_answer_that_breaks_the_format_fails_its_call_only() throws Exception {
        var call = calling(() -> netlink.link(3));
        int sequence = kernel.sequenceOfNext();
        byte[] broken = link(sequence, 0, 3, "eth0", 0);
        broken[32] = 99; // the length of the first attribute
        kernel.send(broken);
        assertThatThrownBy(call::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(NetlinkException.class)
                .hasMessageStartingWith(
                        "cannot read link 3: the kernel's answer cannot be read: an attribute of 99 bytes");
        var next = deleting(7);
        kernel.send(answer(kernel.sequenceOfNext(), 0));
        assertThat(next.get()).isTrue();
    }

    @Test
    void a_list_with_a_broken_part_is_read_to_its_end_before_it_fails() throws Exception {
        var call = calling(netlink::links);
        int sequence = kernel.sequenceOfNext();
        byte[] broken = link(sequence, MULTI, 1, "lo", 0);
        broken[32] = 99;
        kernel.send(broken);
        kernel.send(link(sequence, MULTI, 2, "eth0", 0));
        assertThat(call.isDone()).isFalse();
        kernel.send(done(sequence, 0, 0));
        assertThatThrownBy(call::get).hasMessageContaining("cannot be read");
    }

    @Test
    void nothing_found_is_empty_and_other_refusals_are_not() throws Exception {
        var missing = calling(() -> netlink.link("eth9"));
        kernel.send(answer(kernel.sequenceOfNext(), 19));
        assertThat(missing.get()).isEqualTo(Optional.empty());
        var forbidden = calling(() -> netlink.link("eth9"));
        kernel.send(answer(kernel.sequenceOfNext(), 1));
        assertThatThrownBy(forbidden::get)
                .hasRootCauseMessage("cannot read link eth9: Operation not permitted (EPERM)");
    }

    @Test
    void a_silent_kernel_is_waited_for_no_longer_than_agreed() {
        try (var mute = new ScriptedKernel(Duration.ofMillis(50))) {
            var impatient = mute.netlink();
            assertThatThrownBy(() -> impatient.delete(7))
                    .hasMessage("cannot delete link 7: the kernel did not answer within 50 ms."
                            + " Whether it was done is not known; read it back");
            int given = mute.sequenceOfNext();
            var call = caller.submit(() -> impatient.link(3));
            int sequence = mute.sequenceOfNext();
            mute.send(answer(given, 1), link(sequence, 0, 3, "eth0", 0));
            assertThat(call).succeedsWithin(LONG);
        }
    }

    @Test
    void a_list_that_does_not_come_is_not_said_to_have_been_done() {
        try (var mute = new ScriptedKernel(Duration.ofMillis(50))) {
            var impatient = mute.netlink();
            assertThatThrownBy(impatient::links)
                    .hasMessage("cannot list links: the kernel did not answer within 50 ms");
        }
    }

    @Test
    void closing_wakes_the_call_that_waits_and_those_behind_it() {
        var waiting = deleting(7);
        kernel.receive();
        var behind = deleting(8);
        netlink.close();
        assertThatThrownBy(waiting::get)
                .hasRootCauseMessage("cannot delete link 7: the connection was closed."
                        + " Whether it was done is not known; read it back");
        assertThatThrownBy(behind::get).hasRootCauseMessage("cannot delete link 8: the connection was closed");
        assertThatThrownBy(netlink::links).hasMessage("cannot list links: the connection was closed");
    }

    @Test
    void an_interrupt_ends_no_call() throws Exception {
        var thread = new java.util.concurrent.atomic.AtomicReference<Thread>();
        var call = calling(() -> {
            thread.set(Thread.currentThread());
            netlink.delete(7);
            return Thread.interrupted();
        });
        int sequence = kernel.sequenceOfNext();
        thread.get().interrupt();
        var next = deleting(8);
        kernel.send(answer(sequence, 0));
        kernel.send(answer(kernel.sequenceOfNext(), 0));
        assertThat(call.get()).as("the interrupt is still there").isTrue();
        assertThat(next.get()).isTrue();
    }

    @Test
    void a_refusal_carries_the_stack_trace_of_the_caller() throws Exception {
        var call = calling(() -> {
            try {
                netlink.delete(7);
                return List.<StackTraceElement>of();
            } catch (NetlinkException refusal) {
                return List.of(refusal.getStackTrace());
            }
        });
        kernel.send(answer(kernel.sequenceOfNext(), 1));
        assertThat(call.get()).extracting(StackTraceElement::getClassName).contains(ConversationTest.class.getName());
    }

    @Test
    void a_namespace_that_cannot_be_opened_fails_the_opening() {
        assertThatThrownBy(() -> new Connection(
                        "nowhere",
                        LONG,
                        () -> {
                            throw NetlinkException.refused("enter nowhere", 1);
                        },
                        NetlinkSocket::open))
                .hasMessage("cannot enter nowhere: Operation not permitted (EPERM)");
    }
}
