package dev.weft.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.Host;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/// A container that pings another one twenty times a second, until it is told to stop.
final class PingWatch {
    private final Host host;
    private final String from;
    private final Process ping;
    private final BufferedReader lines;

    private PingWatch(Host host, String from, Process ping) {
        this.host = host;
        this.from = from;
        this.ping = ping;
        this.lines = ping.inputReader(UTF_8);
    }

    /// Returns when the first answer is here.
    static PingWatch start(Host host, String from, String to) throws IOException {
        var watch = new PingWatch(host, from, host.start("docker", "exec", from, "ping", "-i", "0.05", to));
        watch.lines.readLine();
        watch.lines.readLine();
        return watch;
    }

    /// Ends it; every ping but the last must have been answered.
    void assertNothingLost() throws InterruptedException {
        try {
            host.sh("docker exec " + from + " killall -INT ping").ok();
            var numbers = lines.lines()
                    .filter(line -> line.contains(" seq="))
                    .map(line -> Integer.parseInt(line.replaceAll(".* seq=(\\d+) .*", "$1")))
                    .toList();
            assertThat(numbers).hasSizeGreaterThan(5);
            assertThat(numbers)
                    .isEqualTo(IntStream.rangeClosed(numbers.getFirst(), numbers.getLast())
                            .boxed()
                            .toList());
        } finally {
            ping.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }
}
