package gateway.reference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

/**
 * The page of files and directories: those of the program, by {@link StoredFile}, and those that the appliance's roles
 * install.
 */
final class FilesPage {
    private static final Path ROLES = ReferencePages.ROOT.resolve("ansible/roles");
    private static final List<String> MODULES =
            List.of("ansible.builtin.file", "ansible.builtin.copy", "ansible.builtin.template");
    private static final Pattern ITEM = Pattern.compile("\\{\\{ *item(?:\\.(\\w+))? *}}");

    private FilesPage() {}

    private record Installed(String path, String owner, String mode) {}

    static String text() throws IOException {
        var page = new StringBuilder(ReferencePages.head("Files and directories", """
                What the program and the appliance keep, with its mode and its owner. The first table holds for every installation, the
                others for a machine that `ansible/site.yml` set up."""));
        page.append("""

                ## Storage directory

                `APP_STORAGE_DIR`, `storages` by default, and on the appliance `/opt/whatsapp/storages`. Everything belongs to the user
                that runs the program, and nobody else may enter. Nothing in it may be a symbolic link. A backup holds all of it.

                | path | mode | content |
                |---|---|---|
                """);
        StoredFile.ALL.forEach(file -> page.append("| `")
                .append(file.path())
                .append("` | `")
                .append(file.mode())
                .append("` | ")
                .append(file.content())
                .append(" |\n"));
        page.append("""

                ## Working directory

                | path | mode | content |
                |---|---|---|
                | `.env` | `0600` | settings and secrets; read at the start, refused when others may read it |
                | `.env.gpg` | `0600` | the same, encrypted by `whatsapp env encrypt` |

                ## Package

                The Debian package and the tree of `make image`. Everything belongs to root and is readable by everybody.

                | path | mode | content |
                |---|---|---|
                | `/opt/whatsapp/whatsapp` | `0755` | the launcher; `/usr/bin/whatsapp` is a link to it |
                | `/opt/whatsapp/runtime` | `0755` | the Java runtime |
                | `/opt/whatsapp/lib` | `0755` | the program, its libraries, the options of the runtime and the AOT cache |
                | `/opt/whatsapp/licences` | `0755` | the licences of the libraries |
                | `/opt/whatsapp/sbom.json` | `0644` | the libraries with their digests, as CycloneDX |
                | `/usr/share/man/man1/whatsapp.1.gz` | `0644` | the man page |
                """);
        for (var role : installed().entrySet()) {
            page.append("\n## Role ").append(role.getKey()).append("\n\n| path | owner | mode |\n|---|---|---|\n");
            role.getValue()
                    .forEach(file -> page.append("| `")
                            .append(file.path())
                            .append("` | `")
                            .append(file.owner())
                            .append("` | `")
                            .append(file.mode())
                            .append("` |\n"));
        }
        return page.toString();
    }

    /**
     * What each role installs, as its tasks say it. A value that Ansible computes for each machine stands as it does
     * there.
     */
    private static TreeMap<String, List<Installed>> installed() throws IOException {
        var roles = new TreeMap<String, List<Installed>>();
        try (var files = Files.walk(ROLES)) {
            for (var tasks : files.filter(file -> file.getParent().endsWith("tasks"))
                    .sorted()
                    .toList()) {
                var found = new ArrayList<Installed>();
                for (var task : new YAMLMapper().readTree(tasks.toFile())) {
                    for (var turn : turns(task.path("loop"))) {
                        list(task.path("file_set").path("files")).forEach(entry -> add(entry, turn, found));
                        MODULES.stream()
                                .map(task::path)
                                .filter(JsonNode::isObject)
                                .forEach(module -> add(module, turn, found));
                    }
                }
                roles.computeIfAbsent(ROLES.relativize(tasks).getName(0).toString(), none -> new ArrayList<>())
                        .addAll(found);
            }
        }
        roles.values().removeIf(List::isEmpty);
        roles.replaceAll((role, found) -> found.stream().distinct().toList());
        return roles;
    }

    /** For each item of a task's loop, how a text reads with the item in its place. */
    private static List<UnaryOperator<String>> turns(JsonNode loop) {
        return loop.isArray() ? list(loop).stream().map(FilesPage::turn).toList() : List.of(UnaryOperator.identity());
    }

    private static UnaryOperator<String> turn(JsonNode item) {
        return text -> ITEM.matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(
                        match.group(1) == null
                                ? item.asText("")
                                : item.path(match.group(1)).asText("")));
    }

    private static List<JsonNode> list(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false).collect(Collectors.toList());
    }

    private static void add(JsonNode entry, UnaryOperator<String> turn, List<Installed> found) {
        var path = turn.apply(entry.path("path").asText(entry.path("dest").asText("")));
        var state = entry.path("state").asText("");
        if (path.startsWith("/") && !path.contains("item") && !state.equals("absent") && !state.equals("link")) {
            boolean directory =
                    state.equals("directory") || !entry.has("content") && !entry.has("src") && state.isEmpty();
            found.add(new Installed(
                    path.replaceAll("\\{\\{ *([\\w.]+)[^}]*}}", "<$1>"),
                    text(entry, "owner", turn).orElse("root") + ":"
                            + text(entry, "group", turn).orElse("root"),
                    text(entry, "mode", turn).orElse(directory ? "0755" : "0644")));
        }
    }

    private static Optional<String> text(JsonNode entry, String name, UnaryOperator<String> turn) {
        return Optional.of(turn.apply(entry.path(name).asText(""))).filter(text -> !text.isEmpty());
    }
}
