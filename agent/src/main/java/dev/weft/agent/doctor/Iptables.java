package dev.weft.agent.doctor;

import static java.lang.System.Logger.Level.DEBUG;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weft.agent.service.Service;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Asks iptables(8) for the host's rules. Where it is not installed, no engine makes rules with it either.
final class Iptables {
    private static final System.Logger LOG = System.getLogger(Iptables.class.getName());
    private static final int SECONDS = 5;

    private Iptables() {}

    /// None where they cannot be had.
    ///
    /// @param program `iptables` or `ip6tables`
    static FirewallRules rules(String program) {
        return installed(program).map(Iptables::list).orElse(FirewallRules.NONE);
    }

    private static Optional<Path> installed(String program) {
        return Stream.of("/usr/sbin", "/sbin", "/usr/local/sbin", "/usr/bin")
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static FirewallRules list(Path program) {
        try {
            var command = new ProcessBuilder(program.toString(), "-w", "2", "-S").redirectError(Redirect.DISCARD);
            Service.hideFrom(command);
            var process = command.start();
            process.getOutputStream().close();
            // It ends by itself after its wait for the lock, or is made to.
            process.onExit().orTimeout(SECONDS, TimeUnit.SECONDS).exceptionally(late -> process.destroyForcibly());
            List<String> lines = process.inputReader(UTF_8).lines().toList();
            return process.waitFor() == 0 ? new FirewallRules(lines) : FirewallRules.NONE;
        } catch (IOException failure) {
            LOG.log(DEBUG, "cannot run {0}: {1}", program, failure.getMessage());
            return FirewallRules.NONE;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return FirewallRules.NONE;
        }
    }
}
