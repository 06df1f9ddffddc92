package dev.weft.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The process above all others of a lab. It lives while this JVM holds the other end of its standard input; the
/// kernel closes that with the JVM, even one that is killed, and the keeper removes whatever the lab made.
final class Keeper implements AutoCloseable {
    /// The kernel serves link changes of all namespaces one at a time, and others may have many.
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Process process;
    private long firstPid;

    /// @param state folder that it makes and removes
    /// @param cgroup that it removes
    /// @param script of the first process in its namespaces, which says `ready` and then reads standard input
    Keeper(Path state, String cgroup, String script, String... arguments) throws IOException {
        var words = new ArrayList<>(List.of("setsid", "sh", "-c", Script.named("keeper.sh"), "weft-lab-keeper"));
        words.addAll(List.of(state.toString(), cgroup, Script.named("remove.sh"), Script.named(script), "first"));
        words.addAll(List.of(arguments));
        process = new Command("keeper", words, Map.of("PATH", Host.PATH))
                .builder()
                .start();
    }

    /// Waits for its first process.
    void awaitReady() {
        try {
            if (!"ready".equals(process.inputReader(UTF_8).readLine())) {
                String why = String.join("; ", process.errorReader(UTF_8).readAllLines());
                throw new LabException("cannot make the lab's namespaces: " + why);
            }
        } catch (IOException failure) {
            throw new LabException("cannot make the lab's namespaces: " + failure.getMessage(), failure);
        }
        firstPid = onlyChild(onlyChild(process.toHandle())).pid();
    }

    /// A process that runs one program has one child, though not at once.
    static ProcessHandle onlyChild(ProcessHandle parent) {
        Wait.until(() -> parent.children().findAny().isPresent() || !parent.isAlive(), PATIENCE);
        return parent.children()
                .findFirst()
                .orElseThrow(() -> new LabException("process " + parent.pid() + " ended at once"));
    }

    /// The first process of its pid namespace, as this JVM sees it.
    long firstPid() {
        return firstPid;
    }

    /// Writes a line that its first process reads.
    void tell(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(UTF_8));
            process.getOutputStream().flush();
        } catch (IOException failure) {
            throw new LabException("the lab's first process, " + firstPid + ", has ended", failure);
        }
    }

    /// Ends every process of the lab and removes its files and cgroups.
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new LabException("the lab could not remove all that it made; the next one tries again");
            }
        } catch (IOException failure) {
            throw new LabException("cannot end the lab's keeper, process " + process.pid(), failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while the lab was removed", stop);
        }
    }
}
