package dev.weft.system;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// The rules of docs/architecture.md, for the code of all modules at once.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ArchitectureTest {
    private static final Path HOME = Path.of(System.getProperty("weft.home"));
    private static final JavaClasses CODE =
            new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("dev.weft");

    @Test
    void modules_import_only_what_stands_below_them() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("inet")
                .definedBy("dev.weft.inet..")
                .layer("json")
                .definedBy("dev.weft.json..")
                .layer("http")
                .definedBy("dev.weft.http..")
                .layer("netlink")
                .definedBy("dev.weft.netlink..")
                .layer("engine")
                .definedBy("dev.weft.engine..")
                .layer("plugin")
                .definedBy("dev.weft.plugin..")
                .layer("plugin-test")
                .definedBy("dev.weft.plugintest..")
                .layer("state")
                .definedBy("dev.weft.state..")
                .layer("cluster")
                .definedBy("dev.weft.cluster..")
                .layer("ipam")
                .definedBy("dev.weft.ipam..")
                .layer("drivers")
                .definedBy("dev.weft.drivers..")
                .layer("agent")
                .definedBy("dev.weft.agent..")
                .layer("packaging")
                .definedBy("dev.weft.packaging..")
                .layer("lab")
                .definedBy("dev.weft.lab..")
                .layer("examples")
                .definedBy("dev.weft.examples..")
                .whereLayer("inet")
                .mayNotAccessAnyLayer()
                .whereLayer("json")
                .mayNotAccessAnyLayer()
                .whereLayer("http")
                .mayNotAccessAnyLayer()
                .whereLayer("netlink")
                .mayOnlyAccessLayers("inet")
                .whereLayer("engine")
                .mayOnlyAccessLayers("inet", "json", "http")
                .whereLayer("plugin")
                .mayOnlyAccessLayers("inet", "json", "http")
                .whereLayer("plugin-test")
                .mayOnlyAccessLayers("inet", "plugin")
                .whereLayer("state")
                .mayOnlyAccessLayers("inet", "json")
                .whereLayer("cluster")
                .mayOnlyAccessLayers("inet", "json", "engine", "state")
                .whereLayer("ipam")
                .mayOnlyAccessLayers("inet", "plugin", "state")
                .whereLayer("drivers")
                .mayOnlyAccessLayers("inet", "netlink", "plugin", "state")
                .whereLayer("agent")
                .mayOnlyAccessLayers(
                        "inet", "json", "http", "netlink", "engine", "plugin", "state", "cluster", "ipam", "drivers")
                .whereLayer("packaging")
                .mayOnlyAccessLayers("agent", "json")
                .whereLayer("lab")
                .mayOnlyAccessLayers("http")
                .whereLayer("examples")
                .mayOnlyAccessLayers("inet", "netlink", "plugin")
                .check(CODE);
    }

    @Test
    void every_module_of_the_build_is_in_that_rule() throws IOException {
        var checked =
                CODE.stream().map(type -> type.getPackageName().split("\\.")[2]).collect(Collectors.toSet());
        var modules = Files.readAllLines(HOME.resolve("pom.xml")).stream()
                .filter(line -> line.strip().startsWith("<module>"))
                .map(line -> line.strip().replaceAll("</?module>", ""))
                .filter(module -> !Set.of("system-tests", "benchmarks").contains(module))
                .map(module -> module.replace("-", ""))
                .collect(Collectors.toSet());
        assertThat(checked).isEqualTo(modules);
    }

    @Test
    void packages_have_no_cycles() {
        slices().matching("dev.weft.(**)").should().beFreeOfCycles().check(CODE);
    }

    @Test
    void native_calls_are_in_netlink_alone() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.weft.netlink..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.foreign..")
                .check(CODE);
    }

    @Test
    void Netty_is_known_to_http_alone_and_to_who_sets_up_the_TLS_of_jetcd() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.weft.http..")
                .and()
                .doNotHaveFullyQualifiedName("dev.weft.cluster.EtcdStore")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .check(CODE);
    }

    @Test
    void etcd_is_known_to_one_class_alone() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.weft.cluster.EtcdStore")
                .and()
                .haveNameNotMatching("dev\\.weft\\.cluster\\.EtcdStore\\$.*")
                .should()
                .dependOnClassesThat(resideInAPackage("io.etcd..").or(resideInAPackage("io.grpc..")))
                .check(CODE);
    }

    @Test
    void SQL_is_known_to_state_alone() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.weft.state..")
                .should()
                .dependOnClassesThat(resideInAPackage("java.sql..").or(resideInAPackage("org.sqlite..")))
                .check(CODE);
    }

    @Test
    void TOML_is_known_to_the_configuration_alone() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.weft.agent.config..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.tomlj..")
                .check(CODE);
    }

    @Test
    void picocli_is_known_to_the_command_line_alone() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.weft.agent.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .check(CODE);
    }

    @Test
    void names_say_what_a_thing_is() {
        classes()
                .that(describe("are ours", type -> type.getPackageName().startsWith("dev.weft")))
                .should()
                .haveNameNotMatching(".*(Util|Utils|Helper|Manager|Impl|Base|Abstract[A-Z].*)")
                .check(CODE);
    }

    @Test
    void every_package_says_in_one_sentence_what_it_is() throws IOException {
        assertThat(packages()).isNotEmpty().allSatisfy(folder -> {
            var info = Files.readString(folder.resolve("package-info.java"));
            var sentence = info.lines()
                    .filter(line -> line.startsWith("///"))
                    .map(line -> line.substring(3).strip())
                    .collect(Collectors.joining(" "));
            assertThat(sentence).as("%s", folder).matches("[A-Z`].*[^.]\\.").doesNotContain(". ");
        });
    }

    @Test
    void every_link_in_the_documents_leads_to_a_file() throws IOException {
        try (Stream<Path> files = Files.walk(HOME)) {
            var documents = files.filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> !file.toString().matches(".*/(target|\\.cache)/.*"))
                    .toList();
            assertThat(documents).hasSizeGreaterThan(8);
            for (var document : documents) {
                var links = Pattern.compile("]\\(([^):#]+)\\)").matcher(Files.readString(document));
                while (links.find()) {
                    assertThat(document.resolveSibling(links.group(1)))
                            .as("%s links to it", document)
                            .exists();
                }
            }
        }
    }

    /// Folders of main code that hold classes.
    private static List<Path> packages() throws IOException {
        try (Stream<Path> files = Files.walk(HOME)) {
            return files.filter(file -> file.toString().contains("/src/main/java/dev/"))
                    .filter(file -> file.toString().endsWith(".java"))
                    .map(Path::getParent)
                    .distinct()
                    .toList();
        }
    }
}
