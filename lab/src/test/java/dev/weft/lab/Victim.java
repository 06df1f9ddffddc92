package dev.weft.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A JVM that starts a lab with a container, an agent on a socket that is held and a disk of its own, says so, and
/// waits to be ended.
record Victim(Process process, BufferedReader out) {
    static void main(String... arguments) throws Exception {
        Lab lab = Lab.start(2, "", 1500);
        lab.host(1).docker("run", "-d", "-p", "80:80", "busybox", "top").ok();
        lab.host(2).limitState(8);
        lab.host(2).holdPluginSocket();
        lab.host(2).startAgent();
        System.out.println("ready " + lab.name());
        if (arguments.length == 0) {
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    static Victim start(Class<?> main, List<String> properties, String... arguments) throws IOException {
        // nohup and the shell's & would have it ignore some
        var words = new ArrayList<>(List.of("env", "--default-signal=HUP,INT,TERM"));
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(List.of("-Xmx64m", "-cp", System.getProperty("java.class.path")));
        for (String name : List.of("weft.engine", "weft.cache", "weft.home", "java.io.tmpdir")) {
            words.add("-D" + name + "=" + System.getProperty(name, ""));
        }
        words.addAll(properties);
        words.add(main.getName());
        words.addAll(List.of(arguments));
        var process = new ProcessBuilder(words).redirectErrorStream(true).start();
        return new Victim(process, process.inputReader(UTF_8));
    }

    static Victim start(String... arguments) throws IOException {
        return start(Victim.class, List.of("-Dweft.agent.command=" + StandInAgent.command()), arguments);
    }

    /// The rest of the first line that begins so.
    String await(String beginning) throws IOException {
        var all = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(beginning)) {
                return line.substring(beginning.length());
            }
            all.append(line).append('\n');
        }
        throw new AssertionError("no '" + beginning + "' in:\n" + all);
    }

    void signal(String signal) {
        Command.of("kill", "-" + signal, Long.toString(process.pid())).run().ok();
    }
}
