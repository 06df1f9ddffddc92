package dev.weft.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands of README.md, word for word, on a host of the lab.
@Tag("system")
@DockerHosts(1)
@DisplayNameGeneration(ReplaceUnderscores.class)
class S500ReadmeTest {
    private static final Path HOME = Path.of(System.getProperty("weft.home"));

    /// The lines of README.md that are set as commands.
    private static List<String> commands() throws IOException {
        return Files.readAllLines(HOME.resolve("README.md")).stream()
                .filter(line -> line.startsWith("    "))
                .map(String::strip)
                .toList();
    }

    @Test
    void every_command_of_the_README_is_one_that_a_test_runs() throws IOException {
        assertThat(commands())
                .containsExactly(
                        "docker network create --driver weft mynet", // below
                        "docker run --network=mynet busybox top", // below
                        "sudo ./weft demo", // below
                        "sudo ./weft demo --hosts 3", // below
                        "sudo ./weft test", // this run
                        "./weft package", // below
                        "sudo apt-get install ./target/packages/weft_0.1.0_amd64.deb", // S910
                        "sudo ./weft agent"); // below
    }

    /// The launcher, kept from building anew what the tests run on.
    private static String[] weft(String... arguments) {
        var words = new ArrayList<>(List.of("env", "WEFT_TESTING=yes"));
        words.add(HOME.resolve("weft").toString());
        words.addAll(List.of(arguments));
        return words.toArray(String[]::new);
    }

    @Test
    void the_agent_of_the_launcher_serves_the_two_commands(Host host) throws IOException {
        var agent = host.start(weft("agent"));
        try {
            Eventually.isTrue("the agent listens", () -> Files.exists(host.pluginSocket()));
            host.sh(commands().get(0)).ok();
            var run = host.start("sh", "-c", commands().get(1));
            Eventually.isTrue(
                    "the container runs",
                    () -> !host.docker("ps", "-q").ok().text().isEmpty());
            var container = host.docker("ps", "-q").ok().text();
            assertThat(host.docker("exec", container, "ip", "-o", "addr", "show", "eth0")
                            .ok()
                            .text())
                    .contains("inet ");
            host.docker("rm", "-f", container).ok();
            run.onExit().join();
            host.docker("network", "rm", "mynet").ok();
        } finally {
            agent.descendants().forEach(ProcessHandle::destroy);
            agent.onExit().join();
        }
    }

    @Test
    void the_demo_runs_the_two_commands_to_the_end() throws Exception {
        var engine = System.getProperty("weft.engine", "");
        var command = engine.isEmpty() ? weft("demo") : weft("demo", "--engine", engine);
        var demo = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(demo.getInputStream().readAllBytes(), UTF_8);
        assertThat(demo.waitFor()).as(output).isZero();
        assertThat(output)
                .contains("$ " + commands().get(0), "$ " + commands().get(1), "hello from web")
                .contains("Everything is removed again.");
    }

    @Test
    void the_demo_of_three_hosts_ends_well() throws Exception {
        var engine = System.getProperty("weft.engine", "");
        var words = engine.isEmpty() ? weft("demo", "--hosts", "3") : weft("demo", "--hosts", "3", "--engine", engine);
        var demo = new ProcessBuilder(words).redirectErrorStream(true).start();
        var output = new String(demo.getInputStream().readAllBytes(), UTF_8);
        assertThat(demo.waitFor()).as(output).isZero();
        assertThat(output)
                .contains("h1$ docker network create --driver weft mynet", "h3$ docker run --detach --name=late3")
                .contains("Everything is removed again.");
    }

    @Test
    void the_launcher_makes_the_package_that_is_installed(@TempDir Path folder) throws Exception {
        var made = new ProcessBuilder(weft("package", folder.toString()))
                .redirectErrorStream(true)
                .start();
        var output = new String(made.getInputStream().readAllBytes(), UTF_8);
        assertThat(made.waitFor()).as(output).isZero();
        var installed = commands().stream()
                .filter(command -> command.endsWith(".deb"))
                .map(command -> command.substring(command.lastIndexOf('/') + 1))
                .toList();
        assertThat(installed)
                .hasSize(1)
                .allSatisfy(name -> assertThat(folder.resolve(name)).isRegularFile());
    }

    @Test
    @Tag("long")
    void the_launcher_builds_what_it_runs_from_nothing_but_the_sources(@TempDir Path copy) throws Exception {
        var command = "tar -C " + HOME + " --exclude=target --exclude=.cache --exclude=.git -cf - . | tar -C " + copy
                + " -xf - && exec env -u WEFT_TESTING " + copy.resolve("weft") + " version";
        var version = new ProcessBuilder("sh", "-c", command)
                .redirectErrorStream(true)
                .start();
        var output = new String(version.getInputStream().readAllBytes(), UTF_8);
        assertThat(version.waitFor()).as(output).isZero();
        assertThat(output).contains("weft: building", "\nweft 0.1.0 (Java ");
    }

    @Test
    void the_launcher_helps_and_names_what_it_does_not_know(Host host) {
        assertThat(host.run(weft("help")).ok().out())
                .contains("weft demo", "weft test", "weft agent", "weft config", "weft version");
        var version = host.run(weft("version"));
        assertThat(version.ok().text()).startsWith("weft 0.1.0 (Java ");
        assertThat(version.err()).as("nothing is built").isEmpty();
        assertThat(host.run(weft("agent", "--help")).ok().out()).contains("--socket PATH");
        var mistyped = host.run(weft("tset"));
        assertThat(mistyped.exitCode()).isEqualTo(2);
        assertThat(mistyped.err()).isEqualTo("weft: unknown command 'tset'. See weft --help.\n");
        var option = host.run(weft("agent", "--sokcet", "/x"));
        assertThat(option.exitCode()).isEqualTo(2);
        assertThat(option.err())
                .isEqualTo(
                        "weft: unknown option '--sokcet'; known: --admin-socket, --config, --fabric, --socket, --state."
                                + " See weft agent --help.\n");
    }
}
