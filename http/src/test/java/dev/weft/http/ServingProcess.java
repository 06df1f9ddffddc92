package dev.weft.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A server in a process of its own, to race with and to kill.
final class ServingProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;

    ServingProcess(Path socket, String... jvmOptions) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(jvmOptions));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), socket.toString()));
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        output = process.inputReader();
    }

    /// `serving`, or why not.
    String outcome() throws IOException {
        return String.valueOf(output.readLine());
    }

    /// As a crash does, without a chance to tidy up.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        output.close();
    }

    static final class Main {
        public static void main(String[] args) {
            try {
                HttpServer.listen(Path.of(args[0]), request -> new HttpResponse(200, "", "from the other process"));
                System.out.println("serving");
            } catch (IOException refused) {
                System.out.println(refused.getMessage());
            }
        }
    }
}
