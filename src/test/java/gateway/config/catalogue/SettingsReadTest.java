package gateway.config.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import gateway.config.DatabaseSetting;
import gateway.config.Settings;

/** Every setting ends where something is done with it, or is refused; looked for in the compiled classes. */
class SettingsReadTest {
    /** Settings whose only use is to be refused with a sentence. */
    private static final Set<String> REFUSED = Set.of("WHATSAPP_WEBHOOK_INSECURE_SKIP_VERIFY");

    @Test
    void everyPartOfTheSettingsIsReadOutsideTheirOwnRoom() {
        var read = references(room -> !room.startsWith("gateway/config/"));
        var unread = new TreeSet<String>();
        Stream.of(
                        Stream.of(Settings.class),
                        Arrays.stream(Settings.class.getDeclaredClasses()),
                        Arrays.stream(DatabaseSetting.class.getDeclaredClasses()))
                .flatMap(types -> types)
                .filter(Class::isRecord)
                .forEach(type -> Arrays.stream(type.getRecordComponents())
                        .map(part -> type.getName().replace('.', '/') + "." + part.getName())
                        .filter(part -> !read.contains(part))
                        .forEach(unread::add));
        assertEquals(Set.of(), unread);
    }

    @Test
    void everySettingOfTheCatalogueIsReadOrRefused() {
        var names = references(room -> !room.startsWith("gateway/config/catalogue/")).stream()
                .filter(member -> member.startsWith("gateway/config/catalogue/"))
                .map(member -> member.substring(member.indexOf('.') + 1))
                .collect(Collectors.toSet());
        var unread = Catalogue.all().stream()
                .map(Setting::name)
                .filter(name -> !names.contains(name))
                .collect(Collectors.toSet());
        assertEquals(REFUSED, unread);
    }

    /** What classes name of other classes, as {@code owner.member}. */
    private static Set<String> references(Predicate<String> reader) {
        var found = new TreeSet<String>();
        try (var files = Files.walk(classes())) {
            for (var file :
                    files.filter(file -> file.toString().endsWith(".class")).toList()) {
                var model = ClassFile.of().parse(file);
                if (!reader.test(model.thisClass().asInternalName())) {
                    continue;
                }
                for (var entry : model.constantPool()) {
                    if (entry instanceof MemberRefEntry member) {
                        found.add(member.owner().asInternalName() + "."
                                + member.name().stringValue());
                    }
                }
            }
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        assertTrue(found.size() > 1_000, "the program's classes are found");
        return found;
    }

    private static Path classes() throws URISyntaxException {
        return Path.of(Settings.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    }
}
