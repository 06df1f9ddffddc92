package dev.weft.cluster;

import dev.weft.inet.Subnet;
import dev.weft.lab.Etcd;
import dev.weft.state.BlockMap;
import dev.weft.state.HostRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Three registries and a real etcd.
@Tag("lab")
@DisplayNameGeneration(ReplaceUnderscores.class)
class MembershipTest {
    @TempDir
    Path folder;

    private Etcd etcd;
    private List<Site> sites;

    @BeforeEach
    void start() throws Exception {
        etcd = Etcd.start(Files.createDirectory(folder.resolve("etcd")));
        sites = List.of(site(1), site(2), site(3));
        sites.forEach(Site::network);
    }

    private Site site(int number) throws Exception {
        return new Site(number, Files.createDirectory(folder.resolve("host-" + number)), etcd.client());
    }

    @AfterEach
    void end() {
        sites.forEach(Site::close);
        etcd.close();
    }

    private void assertKnown(String what, int site, String... containers) {
        Eventually.equal(what, () -> sites.get(site - 1).known(), Set.of(containers));
    }

    @Test
    void what_a_host_has_the_others_know_and_what_it_has_no_more_they_forget() {
        sites.get(0).run("a");
        sites.get(0).run("b");
        sites.get(1).run("c");
        assertKnown("all at once", 3, "a", "b", "c");
        assertKnown("all at once", 1, "c");
        sites.get(0).stop("a");
        assertKnown("without a", 2, "b");
        assertKnown("without a", 3, "b", "c");
        Eventually.equal(
                "hosts",
                () -> new TreeSet<>(sites.get(2).registry().hosts().stream()
                        .map(HostRecord::name)
                        .toList()),
                Set.of("host-1", "host-2", "host-3"));
    }

    @Test
    void whoever_was_away_hears_what_went_meanwhile() {
        sites.get(0).run("a");
        sites.get(0).run("b");
        assertKnown("before", 2, "a", "b");
        sites.get(1).end();
        sites.get(0).stop("a");
        sites.get(0).run("c");
        assertKnown("the third", 3, "b", "c");
        sites.get(1).begin();
        assertKnown("afterwards", 2, "b", "c");
    }

    @Test
    void while_the_store_is_away_nothing_is_forgotten_and_afterwards_all_is_told() throws Exception {
        sites.get(0).run("a");
        assertKnown("before", 2, "a");
        etcd.kill();
        sites.get(0).run("b");
        Eventually.isTrue("it says so", () -> !sites.get(0).membership().away().isEmpty());
        sites.get(1).end();
        sites.get(1).begin();
        assertKnown("from its own disk", 2, "a");
        etcd.start();
        assertKnown("afterwards", 2, "a", "b");
        Eventually.equal("it says nothing more", () -> sites.get(0).membership().away(), "");
    }

    @Test
    void a_store_that_does_not_answer_holds_nobody_up() {
        sites.get(0).run("a");
        assertKnown("before", 2, "a");
        etcd.pause();
        sites.get(0).run("b");
        Eventually.isTrue("it says so", () -> !sites.get(0).membership().away().isEmpty());
        etcd.resume();
        assertKnown("afterwards", 2, "a", "b");
    }

    @Test
    void an_emptied_store_takes_nothing_away_and_is_filled_again() throws Exception {
        sites.get(0).run("a");
        sites.get(1).run("b");
        assertKnown("before", 3, "a", "b");
        sites.get(0).registry().put(blocks(3));
        etcd.kill();
        etcd.wipe();
        etcd.start();
        sites.get(0).run("c");
        assertKnown("afterwards", 3, "a", "b", "c");
        var fresh = site(4);
        try {
            fresh.network();
            Eventually.equal("of the store alone", fresh::known, Set.of("a", "b", "c"));
            Eventually.equal(
                    "blocks",
                    () -> fresh.registry()
                            .blockMap("s1", Subnet.parse("10.1.0.0/16"))
                            .map(BlockMap::blocks),
                    java.util.Optional.of(blocks(3).blocks()));
        } finally {
            fresh.close();
        }
    }

    @Test
    void keys_that_somebody_removes_by_hand_are_written_again() {
        sites.get(0).run("a");
        assertKnown("before", 2, "a");
        etcd.ctl("del", "--prefix", "/weft/").ok();
        sites.get(0).run("b");
        assertKnown("afterwards", 2, "a", "b");
        Eventually.isTrue("all is there again", () -> {
            var keys = etcd.ctl("get", "--prefix", "--keys-only", "/weft/").ok().out();
            return keys.contains("/weft/networks/s1")
                    && keys.contains("/weft/names/mynet")
                    && keys.contains("/weft/hosts/h1")
                    && keys.contains("/weft/endpoints/h1/s1/");
        });
    }

    private static BlockMap blocks(long version) {
        return new BlockMap(
                "s1",
                Subnet.parse("10.1.0.0/16"),
                version,
                List.of(new dev.weft.state.Block(Subnet.parse("10.1.0.0/24"), "h1", true)));
    }

    @Test
    void a_restored_store_brings_nothing_back_that_is_gone() throws Exception {
        sites.get(0).run("a");
        sites.get(0).run("b");
        assertKnown("before", 3, "a", "b");
        etcd.backup(folder.resolve("backup"));
        sites.get(0).stop("a");
        sites.get(0).run("c");
        assertKnown("then", 3, "b", "c");
        etcd.kill();
        etcd.restore(folder.resolve("backup"));
        etcd.start();
        sites.get(1).run("d");
        assertKnown("afterwards", 3, "b", "c", "d");
        sites.get(2).end();
        sites.get(2).begin();
        assertKnown("after a restart", 3, "b", "c", "d");
    }

    @Test
    void a_host_whose_state_was_put_back_is_heard_again() throws Exception {
        var backup = folder.resolve("weft.db");
        sites.get(0).run("a");
        Eventually.equal("said", () -> sites.get(1).known(), Set.of("a"));
        sites.get(0).registry().backup(backup);
        for (int i = 0; i < 20; i++) {
            sites.get(0).run("more-" + i);
        }
        Eventually.isTrue("all said", () -> sites.get(1).known().size() == 21);
        sites.get(0).end();
        Files.deleteIfExists(sites.get(0).folder().resolve("weft.db-wal"));
        Files.move(backup, sites.get(0).folder().resolve("weft.db"), StandardCopyOption.REPLACE_EXISTING);
        sites.get(0).begin();
        assertKnown("what it had then", 2, "a");
        sites.get(0).run("b");
        assertKnown("and what is new", 2, "a", "b");
    }

    @Test
    void whatever_happens_to_store_and_hosts_all_know_the_same_in_the_end() throws Exception {
        long seed = Long.getLong("weft.seed", System.nanoTime());
        System.out.println("seed " + seed);
        var random = new SplittableRandom(seed);
        var truth = List.of(new TreeSet<String>(), new TreeSet<String>(), new TreeSet<String>());
        var ended = new TreeSet<Integer>();
        int steps = Boolean.getBoolean("weft.long") ? 400 : 60;
        for (int step = 0; step < steps; step++) {
            int at = random.nextInt(sites.size());
            switch (random.nextInt(12)) {
                case 0 -> etcd.kill();
                case 1 -> {
                    if (ended.add(at)) {
                        sites.get(at).end();
                    }
                }
                case 2 -> {
                    etcd.kill();
                    etcd.wipe();
                    etcd.start();
                }
                case 3 -> {
                    etcd.kill();
                    etcd.start();
                }
                case 4 -> {
                    if (ended.remove(at)) {
                        sites.get(at).begin();
                    }
                }
                default -> {
                    if (!ended.contains(at)) {
                        change(sites.get(at), truth.get(at), random);
                    }
                }
            }
        }
        etcd.kill();
        etcd.start();
        ended.forEach(at -> sites.get(at).begin());
        for (int at = 0; at < sites.size(); at++) {
            var expected = new TreeSet<String>();
            for (int other = 0; other < sites.size(); other++) {
                if (other != at) {
                    expected.addAll(truth.get(other));
                }
            }
            Eventually.equal("seed " + seed, sites.get(at)::known, expected);
        }
    }

    private static void change(Site site, Set<String> containers, SplittableRandom random) {
        var name = site.id() + "-" + random.nextInt(30);
        if (containers.add(name)) {
            site.run(name);
        } else {
            containers.remove(name);
            site.stop(name);
        }
    }

    @Test
    void a_copy_of_the_machine_is_told_from_it() throws Exception {
        sites.get(0).run("a");
        assertKnown("before", 2, "a");
        var copy = Files.createDirectory(folder.resolve("copy"));
        sites.get(0).registry().backup(copy.resolve("weft.db"));
        var twin = new Site(1, copy, etcd.client());
        try {
            Eventually.isTrue(
                    "one of them says so",
                    () -> Set.of(sites.get(0), twin).stream()
                            .anyMatch(one ->
                                    one.membership().away().contains("another machine says that it is this host")));
        } finally {
            twin.close();
        }
    }
}
