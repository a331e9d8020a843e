package gateway.site;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;

/**
 * The documents as a site of static HTML: {@code Site ROOT TARGET}. Pages link to pages; files of the tree that a page
 * links to become pages that show their text; pictures are copied.
 */
public final class Site {
    static final Path PAGES = Path.of("src/site/markdown");
    private static final Path ASSETS = Path.of("src/site");
    /** Bytes of a file that is still shown as text. */
    private static final long MAX_TEXT = 300_000;

    private final Path root;
    private final Path target;
    private final Map<Path, Document> documents = new LinkedHashMap<>();
    private final Map<Path, Path> extra = new HashMap<>();

    private Site(Path root, Path target) {
        this.root = root;
        this.target = target;
    }

    /** @param arguments the tree's root, and the directory to write to, whose files are replaced */
    public static void main(String[] arguments) throws IOException {
        var site = new Site(Path.of(arguments[0]).toAbsolutePath(), Path.of(arguments[1]));
        System.out.println(site.write() + " pages: " + site.target.resolve("index.html"));
    }

    private int write() throws IOException {
        Document.all(root).forEach(document -> documents.put(document.path(), document));
        var frame = new Frame(documents.values(), Site::page);
        put("style.css", Files.readString(root.resolve(ASSETS).resolve("style.css")));
        for (var document : documents.values()) {
            var here = page(document.path());
            for (var reference : document.references()) {
                place(document, reference.destination())
                        .ifPresentOrElse(
                                place -> point(reference, relative(here, place)), () -> unlink(reference.from()));
            }
            put(here.toString(), frame.around(here, document.title(), document.html()));
        }
        for (var file : extra.entrySet()) {
            copy(file.getKey(), file.getValue(), frame);
        }
        return documents.size();
    }

    /** Where a document stands on the site. */
    static Path page(Path path) {
        if (path.equals(Path.of("README.md"))) {
            return Path.of("index.html");
        }
        var place = path.startsWith(PAGES) ? PAGES.relativize(path) : path;
        var name = place.toString().replaceFirst("\\.md$", ".html");
        return Path.of(name.equals("index.html") ? "contents.html" : name);
    }

    /**
     * Where a link leads on the site, with its anchor; a directory of pages is a part of the navigation. Empty:
     * nowhere.
     */
    private Optional<String> place(Document document, String destination) {
        if (destination.matches("[a-z][a-z0-9+.-]*:.*") || destination.startsWith("#")) {
            return Optional.of(destination);
        }
        var file = document.target(destination);
        var anchor = destination.contains("#") ? destination.substring(destination.indexOf('#')) : "";
        if (documents.containsKey(file)) {
            return Optional.of(page(file) + anchor);
        }
        if (file.startsWith(PAGES) && Files.isDirectory(root.resolve(file))) {
            return Optional.of("#" + Frame.anchor(PAGES.relativize(file).toString()));
        }
        if (!Files.isRegularFile(root.resolve(file))) {
            return Optional.empty();
        }
        var place = file.startsWith(ASSETS)
                ? ASSETS.relativize(file)
                : isPicture(file) ? file : Path.of("source", file + ".html");
        extra.put(file, place);
        return Optional.of(place.toString());
    }

    private static boolean isPicture(Path file) {
        return file.toString().matches(".*\\.(png|svg|jpg|gif)");
    }

    private void copy(Path file, Path place, Frame frame) throws IOException {
        if (!place.startsWith("source")) {
            Files.createDirectories(target.resolve(place).getParent());
            Files.copy(root.resolve(file), target.resolve(place), StandardCopyOption.REPLACE_EXISTING);
            return;
        }
        try {
            var text = Files.size(root.resolve(file)) > MAX_TEXT
                    ? "The file is too large to be shown."
                    : Files.readString(root.resolve(file));
            put(
                    place.toString(),
                    frame.around(
                            place,
                            file.toString(),
                            "<h1>" + Frame.escaped(file.toString()) + "</h1>\n<pre><code>" + Frame.escaped(text)
                                    + "</code></pre>\n"));
        } catch (CharacterCodingException binary) {
            put(place.toString(), frame.around(place, file.toString(), "<p>The file is not text.</p>\n"));
        }
    }

    /** Leaves the text of a link to a directory, which has no page. */
    private static void unlink(Node link) {
        for (var child = link.getFirstChild(); child != null; child = link.getFirstChild()) {
            link.insertBefore(child);
        }
        link.unlink();
    }

    private static void point(Document.Reference reference, String destination) {
        switch (reference.from()) {
            case Link link -> link.setDestination(destination);
            case Image image -> image.setDestination(destination);
            default -> throw new IllegalStateException("no link: " + reference);
        }
    }

    /** From one page to another, as a browser resolves it. */
    static String relative(Path here, String place) {
        if (place.matches("#.*|[a-z][a-z0-9+.-]*:.*")) {
            return place;
        }
        var depth = here.getNameCount() - 1;
        return String.join("", Collections.nCopies(depth, "../")) + place;
    }

    private void put(String place, String text) throws IOException {
        var file = target.resolve(place);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** The kinds of documents in the order of the navigation, with the words of its headings. */
    static List<Map.Entry<String, String>> kinds() {
        return List.of(
                Map.entry("", "Project"),
                Map.entry("tutorial", "Tutorial"),
                Map.entry("how-to", "How-to guides"),
                Map.entry("reference", "Reference"),
                Map.entry("explanation", "Explanation"),
                Map.entry("evidence", "Evidence"),
                Map.entry("decisions", "Decisions"));
    }
}
