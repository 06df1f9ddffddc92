package dev.weft.netlink;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Requests and their answers, over one socket and in its thread: sequence numbers, acknowledgements, dumps.
final class Conversation {
    private static final int HEADER = 16; // sizeof(struct nlmsghdr), linux/netlink.h

    /// What comes and goes without pause can spoil every reading; after so many, somebody should know.
    private static final int DUMP_ATTEMPTS = 64;

    private static final String OUTCOME_UNKNOWN = ". Whether it was done is not known; read it back";

    private final NetlinkSocket socket;
    private final long timeoutNanos;
    private final IntFunction<NetlinkSocket> announcements;
    private int sequence;

    /// @param timeoutNanos  how long the kernel may be silent
    /// @param announcements opens a socket that receives what changes, for some RTMGRP_* (linux/rtnetlink.h)
    Conversation(NetlinkSocket socket, long timeoutNanos, IntFunction<NetlinkSocket> announcements) {
        this.socket = socket;
        this.announcements = announcements;
        this.timeoutNanos = timeoutNanos;
    }

    /// Sends changes, as many at once as the buffers bear. Only the last of a datagram asks for an answer, because
    /// the kernel works in order and tells of failures unasked: a thousand changes cost two system calls. A failed
    /// change does not keep the later ones from being made.
    ///
    /// @return what was refused, by position
    SortedMap<Integer, NetlinkException> change(List<Request> requests) {
        var refusals = new TreeMap<Integer, NetlinkException>();
        int next = 0;
        while (next < requests.size()) {
            next = sendSome(requests, next, refusals);
        }
        return refusals;
    }

    private int sendSome(List<Request> requests, int from, Map<Integer, NetlinkException> refusals) {
        var buffer = socket.sendBuffer();
        int to = from;
        int lastStart = 0;
        while (to < requests.size() && to - from < socket.answersQueued()) {
            var request = requests.get(to);
            if (buffer.remaining() < HEADER + request.body().length) {
                break;
            }
            lastStart = buffer.position();
            put(buffer, request.type(), request.flags(), sequence + 1 + to - from, request.body());
            to++;
        }
        if (to == from) {
            throw NetlinkException.failed(requests.get(from).toString(), "the request is too long", null);
        }
        int flagsAt = lastStart + 6;
        buffer.putShort(flagsAt, (short) (buffer.getShort(flagsAt) | Kernel.NLM_F_ACK));
        int first = sequence + 1;
        sequence += to - from;
        String doing = requests.get(from) + (to - from == 1 ? "" : " (and " + (to - from - 1) + " more changes)");
        send(doing);
        collect(requests, from, first, doing, refusals);
        return to;
    }

    private void collect(
            List<Request> requests, int from, int first, String doing, Map<Integer, NetlinkException> refusals) {
        while (true) {
            if (receive(doing, OUTCOME_UNKNOWN) == NetlinkSocket.Arrival.TRUNCATED) {
                throw NetlinkException.failed(
                        doing, "the kernel's answer was longer than the buffer" + OUTCOME_UNKNOWN, null);
            }
            var messages = new Messages(socket.received());
            while (messages.next()) {
                int position = messages.sequence() - first;
                if (position < 0 || messages.sequence() - sequence > 0 || messages.type() != Kernel.NLMSG_ERROR) {
                    continue; // of an earlier exchange that was given up
                }
                if (messages.errno() != 0) {
                    String what = requests.get(from + position).toString();
                    refusals.put(
                            from + position, NetlinkException.refused(what, messages.errno(), messages.kernelText()));
                }
                if (messages.sequence() == sequence) {
                    return;
                }
            }
        }
    }

    /// Asks for one object.
    ///
    /// @return null if the kernel knows none (ENODEV), or the decoder does not
    <T> @Nullable T get(String doing, int type, MessageWriter body, Exchange.Decoder<T> decoder) {
        sendQuery(doing, type, 0, body);
        while (true) {
            if (receive(doing, "") == NetlinkSocket.Arrival.TRUNCATED) {
                sendQuery(doing, type, 0, body);
                continue;
            }
            var messages = new Messages(socket.received());
            while (messages.next()) {
                if (messages.sequence() != sequence) {
                    continue;
                }
                if (messages.type() != Kernel.NLMSG_ERROR) {
                    return decoder.decode(messages.body());
                }
                if (messages.errno() == Kernel.ENODEV) {
                    return null;
                }
                throw NetlinkException.refused(doing, messages.errno(), messages.kernelText());
            }
        }
    }

    /// Reads a whole table. The kernel marks a reading during which the table changed, and then it is read again.
    <T> List<T> dump(String doing, int type, MessageWriter body, Exchange.Decoder<T> decoder) {
        for (int attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
            var dump = new Dump<T>(doing, type, body, decoder);
            if (dump.run()) {
                return dump.found;
            }
        }
        throw neverStill(doing);
    }

    /// Reads a table whose readings the kernel does not mark. There it goes on by count after each datagram, so an
    /// entry that is removed meanwhile hides another that stays (seen with Linux 6.18). A reading counts if it
    /// came in one datagram, or if no removal was announced until its end.
    <T> List<T> dump(String doing, UnmarkedTable table, MessageWriter body, Exchange.Decoder<T> decoder) {
        try (var watched = announcements.apply(table.groups())) {
            for (int attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
                var dump = new Dump<T>(doing, table.type(), body, decoder);
                boolean unmarked = dump.run();
                boolean removed = table.removalAnnounced(watched);
                if (unmarked && (!removed || dump.datagrams <= 1)) {
                    return List.copyOf(new LinkedHashSet<>(dump.found)); // additions make entries come twice
                }
            }
        }
        throw neverStill(doing);
    }

    private static NetlinkException neverStill(String doing) {
        return NetlinkException.failed(
                doing,
                Kernel.EINTR,
                "it changed during each of " + DUMP_ATTEMPTS + " attempts. Try again when less is going on",
                null);
    }

    /// One reading of a table.
    private final class Dump<T> {
        private final String doing;
        private final int type;
        private final MessageWriter body;
        private final Exchange.Decoder<T> decoder;
        private final List<T> found = new ArrayList<>();
        private int datagrams;
        private boolean spoiled;
        private @Nullable RuntimeException undecodable;

        Dump(String doing, int type, MessageWriter body, Exchange.Decoder<T> decoder) {
            this.doing = doing;
            this.type = type;
            this.body = body;
            this.decoder = decoder;
        }

        /// @return false if it has to be done again
        boolean run() {
            sendQuery(doing, type, Kernel.NLM_F_DUMP, body);
            while (true) {
                if (receive(doing, "") == NetlinkSocket.Arrival.TRUNCATED) {
                    spoiled = true; // read on to the end: a socket can have one dump at a time
                    continue;
                }
                int before = found.size();
                boolean ended = takeAll(new Messages(socket.received()));
                datagrams += found.size() > before ? 1 : 0; // the end may come with the last of them, or alone
                if (ended) {
                    return finished();
                }
            }
        }

        private boolean takeAll(Messages messages) {
            while (messages.next()) {
                if (messages.sequence() == sequence && take(messages)) {
                    return true;
                }
            }
            return false;
        }

        /// @return whether it was the last
        private boolean take(Messages messages) {
            spoiled |= (messages.flags() & Kernel.NLM_F_DUMP_INTR) != 0;
            switch (messages.type()) {
                case Kernel.NLMSG_DONE, Kernel.NLMSG_ERROR -> {
                    end(messages);
                    return true;
                }
                case Kernel.NLMSG_OVERRUN -> spoiled = true;
                default -> decode(messages.body());
            }
            return false;
        }

        private void end(Messages messages) {
            int errno = messages.errno();
            if (errno == Kernel.EBUSY || errno == Kernel.EINTR) {
                spoiled = true;
            } else if (errno != 0) {
                throw NetlinkException.refused(doing, errno, messages.kernelText());
            }
        }

        private void decode(ByteBuffer message) {
            try {
                var object = decoder.decode(message);
                if (object != null) {
                    found.add(object);
                }
            } catch (MalformedMessageException malformed) {
                undecodable = malformed;
            }
        }

        private boolean finished() {
            if (undecodable != null && !spoiled) {
                throw undecodable;
            }
            return !spoiled;
        }
    }

    private void sendQuery(String doing, int type, int flags, MessageWriter body) {
        put(socket.sendBuffer(), type, flags, ++sequence, body.toBytes());
        send(doing);
    }

    private static void put(ByteBuffer buffer, int type, int flags, int sequence, byte[] body) {
        buffer.putInt(HEADER + body.length)
                .putShort((short) type)
                .putShort((short) (flags | Kernel.NLM_F_REQUEST))
                .putInt(sequence)
                .putInt(0)
                .put(body);
    }

    private void send(String doing) {
        int errno = socket.send();
        if (errno != 0) {
            throw NetlinkException.refused(doing, errno);
        }
    }

    /// @param remark what the caller has to know if there is no answer; empty, or starting with a full stop
    /// @return RECEIVED or TRUNCATED
    private NetlinkSocket.Arrival receive(String doing, String remark) {
        var arrival = socket.receive(timeoutNanos);
        return switch (arrival) {
            case RECEIVED, TRUNCATED -> arrival;
            case OVERFLOWED -> {
                String reason = Errno.explain(Kernel.ENOBUFS) + ", answers of the kernel were lost";
                throw NetlinkException.failed(doing, Kernel.ENOBUFS, reason + remark, null);
            }
            case TIMED_OUT -> {
                String reason = "the kernel did not answer within " + timeoutNanos / 1_000_000 + " ms";
                throw NetlinkException.failed(doing, reason + remark, null);
            }
            case BROKEN -> {
                String reason = "the connection to the kernel broke: " + socket.whyBroken();
                throw NetlinkException.failed(doing, reason + remark, null);
            }
            case WOKEN -> throw NetlinkException.failed(doing, Connection.CLOSED + remark, null);
        };
    }
}
