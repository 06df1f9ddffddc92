package dev.weft.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.Host;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/// A container that pings another twenty times a second until it is closed.
final class PingStream implements AutoCloseable {
    private final String title;
    private final Process ping;

    /// Of the answers, as they came.
    private final List<Integer> numbers = new CopyOnWriteArrayList<>();

    private PingStream(String title, Process ping) {
        this.title = title;
        this.ping = ping;
        Thread.ofVirtual()
                .start(() -> ping.inputReader(UTF_8)
                        .lines()
                        .filter(line -> line.contains(" seq="))
                        .forEach(line -> numbers.add(Integer.parseInt(line.replaceAll(".* seq=(\\d+) .*", "$1")))));
    }

    static PingStream start(Host host, String from, String to) {
        var stream = new PingStream(
                "pings from " + from + " to " + to, host.start("docker", "exec", from, "ping", "-i", "0.05", to));
        stream.awaitMore();
        return stream;
    }

    private void awaitMore() {
        int before = numbers.size();
        Eventually.isTrue(title + " are answered", () -> numbers.size() > before + 1);
    }

    /// From here on every one must be answered, whatever was lost before.
    void beginAnew() {
        awaitMore();
        int last = numbers.getLast();
        numbers.removeIf(number -> number < last);
    }

    /// Every one was answered, and they go on.
    void isWhole() {
        awaitMore();
        var answered = List.copyOf(numbers);
        assertThat(answered)
                .as(title)
                .isEqualTo(IntStream.rangeClosed(answered.getFirst(), answered.getLast())
                        .boxed()
                        .toList());
    }

    @Override
    public void close() {
        ping.descendants().forEach(ProcessHandle::destroy);
        ping.destroy();
    }
}
