package dev.weft.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The fenced blocks of a Markdown page, in their order.
///
/// ` ```java First.java ` is a file; ` ```console ` is commands behind `$ `, each with what it prints.
record Page(List<Block> blocks) {
    sealed interface Block {}

    record TextFile(String name, String text) implements Block {}

    /// @param output as the page shows it; `…` stands for any text. Empty: the page does not say
    record Command(String line, String output) implements Block {}

    static Page read(Path markdown) throws IOException {
        return of(Files.readAllLines(markdown));
    }

    /// The commands below one heading of the second level.
    static List<Command> commands(Path markdown, String heading) throws IOException {
        var section = Files.readAllLines(markdown).stream()
                .dropWhile(line -> !line.equals("## " + heading))
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "))
                .toList();
        return of(section).blocks().stream().map(Command.class::cast).toList();
    }

    private static Page of(List<String> text) {
        var blocks = new ArrayList<Block>();
        var lines = text.iterator();
        while (lines.hasNext()) {
            var info = lines.next();
            if (!info.startsWith("```")) {
                continue;
            }
            var body = new ArrayList<String>();
            for (var line = lines.next(); !line.equals("```"); line = lines.next()) {
                body.add(line);
            }
            if (info.equals("```console")) {
                blocks.addAll(commands(body));
            } else {
                blocks.add(new TextFile(info.split(" ")[1], String.join("\n", body) + "\n"));
            }
        }
        return new Page(List.copyOf(blocks));
    }

    private static List<Command> commands(List<String> body) {
        var text = String.join("\n", body).replace("\\\n", "");
        var commands = new ArrayList<Command>();
        for (var part : text.split("(?m)^\\$ ")) {
            if (!part.isEmpty()) {
                var halves = part.split("\n", 2);
                commands.add(new Command(halves[0], halves.length == 1 ? "" : halves[1].strip()));
            }
        }
        return commands;
    }
}
