package gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the program's own classes never name is not part of the program; looked for in the compiled classes. */
class DeadCodeTest {
    private static final Path SOURCES = Path.of(System.getProperty("basedir", "."), "src/main/java");
    /**
     * Parts of the multi-device engine that are ready before what will call them: media, application state, history,
     * groups. They are held by test vectors.
     */
    private static final Pattern AHEAD = Pattern.compile("gateway/engine/web/.*");
    /** Doors for tests. What else only tests reach is no part of the program. */
    private static final Set<String> DOORS = Set.of(
            // What a test looks at, since it shows in no answer.
            "auth/Authenticator.followedRights",
            "auth/Authenticator.hashingWork",
            "auth/Backoff.remembered",
            "budget/BudgetSpent.what",
            "config/catalogue/Setting.flags",
            "console/LiveFeed.watching",
            "http/hardened/HardenedServer.connections",
            // What a test sets, since no setting does.
            "command/Commands.line",
            "command/Commands.printing",
            "config/reading/Places.same",
            "http/hardened/HardenedServer$Builder.overcommit",
            "http/hardened/Limits.withTimes",
            // Shorter forms, and parts that do nothing, for the many tests that need no more.
            "audit/SecurityLog.none",
            "auth/PasswordPolicy.generate",
            "messaging/Outbox.send",
            "store/PostgresServer.source",
            "store/Store.open",
            "webhook/EndpointDraft.of",
            // The security log's form for a person's number, which no entry names yet.
            "audit/AuditLog.keyed",
            "audit/SecurityLog.keyed",
            "audit/SecurityLog$1.keyed");

    private static final Map<String, ClassModel> CLASSES = new HashMap<>();
    /**
     * Who is named where: {@code name+descriptor} of a method to the classes it is named by, as the class file has
     * them.
     */
    private static final Map<String, Set<String>> NAMED = new HashMap<>();

    private static final Set<String> TYPES = new HashSet<>();

    @BeforeAll
    static void read() throws Exception {
        var top = Path.of(Gateway.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (var files = Files.walk(top)) {
            for (var file :
                    files.filter(file -> file.toString().endsWith(".class")).toList()) {
                var model = ClassFile.of().parse(file);
                var name = model.thisClass().asInternalName();
                if (Files.exists(SOURCES.resolve(outer(name) + ".java"))) {
                    CLASSES.put(name, model);
                }
            }
        }
        assertTrue(CLASSES.size() > 400, "the program's classes are found");
        for (var model : CLASSES.values()) {
            for (var entry : model.constantPool()) {
                switch (entry) {
                    case MemberRefEntry member ->
                        NAMED.computeIfAbsent(
                                        member.name().stringValue()
                                                + member.type().stringValue(),
                                        key -> new HashSet<>())
                                .add(member.owner().asInternalName());
                    case ClassEntry type
                    when !outer(type.asInternalName())
                            .equals(outer(model.thisClass().asInternalName())) ->
                        TYPES.add(outer(type.asInternalName()));
                    default -> {}
                }
            }
        }
    }

    @Test
    void everyClassIsNamedByAnother() {
        var dead = new TreeSet<String>();
        CLASSES.keySet().stream()
                .map(DeadCodeTest::outer)
                .filter(name -> !TYPES.contains(name)
                        && !name.equals("gateway/Gateway")
                        && !name.endsWith("/package-info")
                        && !AHEAD.matcher(name).matches())
                .forEach(dead::add);
        assertEquals(Set.of(), dead);
    }

    @Test
    void everyMethodIsCalled() throws Exception {
        var dead = new TreeSet<String>();
        for (var model : CLASSES.values()) {
            var owner = model.thisClass().asInternalName();
            var type = Class.forName(owner.replace('/', '.'), false, DeadCodeTest.class.getClassLoader());
            for (var method : model.methods()) {
                var name = method.methodName().stringValue();
                var form = method.methodType().stringValue();
                if (AHEAD.matcher(owner).matches()
                        || annotated(method)
                        || method.flags().has(AccessFlag.SYNTHETIC)
                        || name.startsWith("<")
                        || name.equals("main")
                        || type.isEnum() && given(name)
                        || type.isRecord() && (form.startsWith("()") || name.equals("equals"))) {
                    continue;
                }
                if (!called(type, name + form) && !answers(type, name, form)) {
                    dead.add(owner.substring("gateway/".length()) + "." + name);
                }
            }
        }
        assertEquals(
                Set.of(),
                dead.stream().filter(name -> !DOORS.contains(name)).collect(Collectors.toCollection(TreeSet::new)));
        assertEquals(
                Set.of(),
                DOORS.stream().filter(name -> !dead.contains(name)).collect(Collectors.toCollection(TreeSet::new)),
                "is called, or gone");
    }

    /** Commands and their options, which the command line's library calls. */
    private static boolean annotated(MethodModel method) {
        return method.findAttribute(Attributes.runtimeVisibleAnnotations()).isPresent();
    }

    private static boolean given(String name) {
        return name.equals("values") || name.equals("valueOf");
    }

    /** Whether somebody names the method by its own class, or by one above or below it. */
    private static boolean called(Class<?> type, String method) throws ClassNotFoundException {
        for (var by : NAMED.getOrDefault(method, Set.of())) {
            if (by.startsWith("gateway/")) {
                var named = Class.forName(by.replace('/', '.'), false, DeadCodeTest.class.getClassLoader());
                if (named.isAssignableFrom(type) || type.isAssignableFrom(named)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether a library or the platform calls it, or somebody by an interface of the program: it is declared above. */
    private static boolean answers(Class<?> type, String name, String form) throws ClassNotFoundException {
        for (var above : above(type)) {
            boolean ours = CLASSES.containsKey(above.getName().replace('.', '/'));
            boolean declared = Arrays.stream(above.getDeclaredMethods())
                    .anyMatch(
                            method -> method.getName().equals(name) && method.getParameterCount() == parameters(form));
            if (declared
                    && (!ours
                            || Arrays.stream(above.getDeclaredMethods())
                                            .anyMatch(method -> method.getName().equals(name))
                                    && NAMED.keySet().stream().anyMatch(key -> key.startsWith(name + "(")))) {
                return true;
            }
        }
        return false;
    }

    private static List<Class<?>> above(Class<?> type) {
        var all = new ArrayList<Class<?>>();
        for (var next = type.getSuperclass(); next != null; next = next.getSuperclass()) {
            all.add(next);
        }
        for (var next = type; next != null; next = next.getSuperclass()) {
            for (var face : next.getInterfaces()) {
                all.add(face);
                all.addAll(above(face));
            }
        }
        return all;
    }

    private static int parameters(String form) {
        return java.lang.constant.MethodTypeDesc.ofDescriptor(form).parameterCount();
    }

    private static String outer(String name) {
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }
}
