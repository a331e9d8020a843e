package gateway;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The order of the house, which {@code src/site/markdown/explanation/house.md} describes: what may lean on what. */
class ArchitectureTest {
    private static final Path SOURCES = Path.of("src/main/java");
    private static final Path TESTS = Path.of("src/test/java");
    private static final int MAX_LINES = 320;
    private static final List<String> EMPTY_NAMES =
            List.of("util", "utils", "common", "impl", "manager", "helper", "helpers");

    /** The rooms, top to bottom, and which rooms below each may lean on. The wiring and the command line see all. */
    private static final Map<String, Set<String>> ROOMS = Map.ofEntries(
            room(
                    "metrics",
                    "admin",
                    "audit",
                    "auth",
                    "budget",
                    "config",
                    "engine",
                    "http",
                    "messaging",
                    "process",
                    "rotation",
                    "webhook"),
            room(
                    "api",
                    "auth",
                    "budget",
                    "config",
                    "digest",
                    "engine",
                    "engine.sandbox",
                    "http",
                    "messaging",
                    "process",
                    "store",
                    "webhook"),
            room("admin", "auth", "config", "digest", "http", "process", "secret"),
            room("console", "auth", "check", "digest", "engine", "http", "messaging"),
            room("rotation", "audit", "auth", "config", "process", "secret", "store", "webhook"),
            room("check", "audit", "config", "digest", "outbound", "process"),
            room("backup", "config", "digest", "process", "secret", "store"),
            room("messaging", "budget", "digest", "engine", "process", "store"),
            room("webhook", "budget", "config", "digest", "engine", "outbound", "process", "secret", "store"),
            room("engine.sandbox", "engine", "process", "store"),
            room("engine.web", "digest", "engine", "outbound", "secret", "store"),
            room("engine", "digest", "store"),
            room("http", "audit", "auth", "budget", "digest", "process"),
            room("auth", "audit", "config", "digest", "store"),
            room("secret", "config", "process", "store"),
            room("outbound", "config", "process"),
            room("audit", "digest", "process"),
            room("store", "budget", "config", "process"),
            room("process", "config"),
            room("budget"),
            room("digest"),
            room("config", "digest"));

    private static JavaClasses house;

    private static Map.Entry<String, Set<String>> room(String name, String... below) {
        return Map.entry(name, Set.of(below));
    }

    @BeforeAll
    static void read() {
        house = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("gateway");
        assertTrue(house.size() > 500, "the house's classes were not found");
    }

    @Test
    void noPackagesLeanOnEachOtherInACircle() {
        slices().matching("gateway.(**)").should().beFreeOfCycles().check(house);
    }

    @Test
    void arrowsPointDownOnly() {
        var wrong = new TreeSet<String>();
        for (var type : house) {
            var from = roomOf(type);
            if (!ROOMS.containsKey(from)) {
                assertTrue(
                        Set.of("", "wiring", "command").contains(from), from + " is not a room of this test's table");
                continue;
            }
            type.getDirectDependenciesFromSelf().stream()
                    .map(arrow -> arrow.getTargetClass().getBaseComponentType())
                    .filter(target -> target.getPackageName().startsWith("gateway"))
                    .filter(target ->
                            !roomOf(target).equals(from) && !ROOMS.get(from).contains(roomOf(target)))
                    .forEach(target -> wrong.add(type.getName() + " leans on " + target.getName()));
        }
        assertEquals(Set.of(), wrong, "arrows that the table of rooms does not have");
    }

    @Test
    void everyArrowOfTheTableIsNeeded() {
        var drawn = new TreeSet<String>();
        for (var type : house) {
            type.getDirectDependenciesFromSelf().stream()
                    .map(arrow -> arrow.getTargetClass().getBaseComponentType())
                    .filter(target -> target.getPackageName().startsWith("gateway"))
                    .forEach(target -> drawn.add(roomOf(type) + " leans on " + roomOf(target)));
        }
        var table = new TreeSet<String>();
        ROOMS.forEach((room, below) -> below.forEach(other -> table.add(room + " leans on " + other)));
        table.removeAll(drawn);
        assertEquals(Set.of(), table, "no class needs these arrows any longer; take them out of the table");
    }

    @Test
    void everyRoomOfTheTableIsThere() {
        var there = house.stream().map(ArchitectureTest::roomOf).collect(Collectors.toSet());
        assertEquals(
                Set.of(),
                ROOMS.keySet().stream().filter(room -> !there.contains(room)).collect(Collectors.toSet()));
    }

    @Test
    void onlyTheStoreKnowsTheDatabaseLibrary() {
        // Helidon's services are written down in one class, its database mapper among them.
        noClasses()
                .that()
                .resideOutsideOfPackage("gateway.store..")
                .and()
                .doNotHaveFullyQualifiedName("gateway.http.hardened.HelidonServices")
                .should()
                .dependOnClassesThat(resideInAPackage("io.helidon.dbclient.."))
                .check(house);
    }

    @Test
    void onlyWhereHttpIsSpokenIsTheWebServerKnown() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "gateway.http..", "gateway.api..", "gateway.console..", "gateway.admin..", "gateway.wiring..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.helidon.webserver.."))
                .check(house);
    }

    @Test
    void enginesAreNamedByTheWiringAndTheSandboxsControlsAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackages("gateway.engine..", "gateway.wiring..", "gateway.api.sandbox..")
                .should()
                .dependOnClassesThat(resideInAPackage("gateway.engine.*.."))
                .check(house);
    }

    @Test
    void sha256IsMadeInOnePlace() throws IOException {
        var places = new TreeSet<String>();
        for (var file : files(SOURCES)) {
            if (Files.readString(file).contains("MessageDigest.getInstance(\"SHA-256\")")) {
                places.add(file.getFileName().toString());
            }
        }
        assertEquals(Set.of("Sha256.java"), places);
    }

    @Test
    void theRootHoldsTheMainMethodAndNothingElse() {
        classes()
                .that()
                .resideInAPackage("gateway")
                .and()
                .doNotHaveSimpleName("package-info")
                .should()
                .haveFullyQualifiedName("gateway.Gateway")
                .check(house.that(topLevel()));
    }

    @Test
    void aSimpleNameIsUsedOnce() throws IOException {
        var places = new TreeMap<String, Set<String>>();
        for (var file : files(SOURCES)) {
            if (!file.endsWith("package-info.java")) {
                places.computeIfAbsent(file.getFileName().toString(), name -> new TreeSet<>())
                        .add(file.toString());
            }
        }
        assertEquals(
                List.of(),
                places.values().stream().filter(same -> same.size() > 1).toList());
    }

    @Test
    void noPackageHasAnEmptyName() {
        assertEquals(
                Set.of(),
                house.stream()
                        .map(JavaClass::getPackageName)
                        .filter(name -> Stream.of(name.split("\\.")).anyMatch(EMPTY_NAMES::contains))
                        .collect(Collectors.toSet()));
    }

    @Test
    void noFileIsTooLongToRead() throws IOException {
        var tooLong = new TreeMap<String, Integer>();
        for (var tree : List.of(SOURCES, TESTS)) {
            for (var file : files(tree)) {
                int lines = Files.readAllLines(file).size();
                if (lines > MAX_LINES) {
                    tooLong.put(file.toString(), lines);
                }
            }
        }
        assertEquals(Map.of(), tooLong, "files of more than " + MAX_LINES + " lines");
    }

    private static DescribedPredicate<JavaClass> topLevel() {
        return DescribedPredicate.describe("top level", JavaClass::isTopLevelClass);
    }

    /** The first part of a class's package below {@code gateway}; of an engine, with the engine's name. */
    private static String roomOf(JavaClass type) {
        var parts = type.getPackageName().split("\\.");
        if (parts.length < 2) {
            return "";
        }
        return parts[1].equals("engine") && parts.length > 2 ? "engine." + parts[2] : parts[1];
    }

    private static List<Path> files(Path tree) throws IOException {
        try (var walk = Files.walk(tree)) {
            return walk.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        }
    }
}
