package dev.weft.system;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// docs/messages.md has every message of the code, with its meaning.
@DisplayNameGeneration(ReplaceUnderscores.class)
class MessagesTest {
    private static final Path HOME = Path.of(System.getProperty("weft.home"));

    /// What the agent is made of.
    private static final List<String> MODULES = List.of(
            "inet", "json", "http", "netlink", "engine", "plugin", "state", "cluster", "ipam", "drivers", "agent");

    /// An item of the page: lines that are a pattern each, and behind them what they mean.
    private record Item(List<String> patterns, StringBuilder meaning) {}

    private static List<Item> page() throws IOException {
        var items = new ArrayList<Item>();
        boolean inItem = false;
        for (var line : Files.readAllLines(HOME.resolve("docs/messages.md"))) {
            if (line.startsWith("- ")) {
                inItem = line.matches("- `.+`");
                if (inItem) {
                    items.add(new Item(new ArrayList<>(), new StringBuilder()));
                }
            }
            inItem &= line.matches("[- ] .+");
            if (inItem) {
                var item = items.getLast();
                var text = line.substring(2);
                if (text.matches("`.+`") && item.meaning().isEmpty()) {
                    item.patterns().add(text.substring(1, text.length() - 1));
                } else {
                    item.meaning().append(text);
                }
            }
        }
        return items;
    }

    private static Set<String> patterns() throws IOException {
        return page().stream().flatMap(item -> item.patterns().stream()).collect(toSet());
    }

    private static Map<String, String> messages() throws IOException {
        var messages = new TreeMap<>(Messages.in(MODULES.stream()
                .map(module -> HOME.resolve(module + "/src/main/java"))
                .toList()));
        messages.putAll(Messages.inScripts(HOME));
        return messages;
    }

    @Test
    void every_message_of_the_code_is_on_the_page() throws IOException {
        var onPage = patterns();
        var messages = messages();
        assertThat(messages).hasSizeGreaterThan(300);
        assertThat(messages.entrySet().stream()
                        .filter(message -> !onPage.contains(message.getKey()))
                        .map(message -> "add to docs/messages.md, with its meaning: `" + message.getKey() + "` ("
                                + message.getValue() + ")"))
                .isEmpty();
    }

    @Test
    void every_message_of_the_page_is_in_the_code() throws IOException {
        var inCode = messages().keySet();
        assertThat(patterns().stream()
                        .filter(pattern -> !inCode.contains(pattern))
                        .sorted()
                        .map(pattern -> "no such message is in the code: remove `" + pattern
                                + "` from docs/messages.md, or write there what it says now"))
                .isEmpty();
    }

    @Test
    void each_stands_on_the_page_once_and_has_a_meaning() throws IOException {
        assertThat(page().stream().flatMap(item -> item.patterns().stream()).toList())
                .doesNotHaveDuplicates();
        assertThat(page())
                .allSatisfy(item -> assertThat(item.meaning().toString())
                        .as("what %s means", item.patterns())
                        .contains(" "));
    }

    @Test
    void what_is_a_message_is_as_the_page_says(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("Sample.java"), """
                package sample;
                class Sample {
                    record Kept(String title, String sentence) {}
                    void of(String name, Exception cause) {
                        LOG.log(System.Logger.Level.WARNING, "{0} isn''t there", name);
                        LOG.log(INFO, "all is well with it");
                        new Kept("what the matter is about", "it is " + name + ", not " + (name + 1));
                        problems.add(cause == null ? "nobody knows why it is" : "as it says");
                        if (name.isEmpty()) throw new Missing("no " + name);
                        if (name.isBlank()) throw new IllegalStateException("a fault of the caller's own");
                        throw Missing.because("look at it", "it broke");
                    }
                    @Label("this describes what it is") String toString() { return "as a debugger shows it"; }
                }
                class Missing extends RuntimeException {
                    static Missing because(String doing, String reason) { return new Missing(doing + ": " + reason); }
                }
                """);
        Files.writeString(folder.resolve("script"), "die() {\n exit 1\n}\ndie \"no $1 in $(pwd): give ${other}\"\n");
        assertThat(Messages.in(List.of(folder)).keySet())
                .containsExactlyInAnyOrder(
                        "… isn't there", "it is …, not …", "nobody knows why it is", "no …", "it broke");
        assertThat(Messages.inScripts(folder).keySet()).containsExactly("no … in …: give …");
    }
}
