package gateway.site;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.HeadingAnchorExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.commonmark.renderer.text.TextContentRenderer;

/**
 * One Markdown file, read.
 *
 * @param path from the tree's root
 */
record Document(Path path, Node node) {
    private static final List<Extension> EXTENSIONS =
            List.of(TablesExtension.create(), HeadingAnchorExtension.create());
    private static final Parser PARSER = Parser.builder()
            .extensions(EXTENSIONS)
            .includeSourceSpans(IncludeSourceSpans.BLOCKS_AND_INLINES)
            .build();
    private static final HtmlRenderer RENDERER =
            HtmlRenderer.builder().extensions(EXTENSIONS).build();
    private static final Pattern ANCHOR = Pattern.compile("<h[1-6] id=\"([^\"]+)\"");
    /** Directories without documents of ours, at any depth. */
    private static final Set<String> PASSED_OVER =
            Set.of("target", "node_modules", "storages", ".git", ".cache", ".ansible");

    /** A place that a document leads to, as it is written there. */
    record Reference(Node from, String destination, int line) {}

    /** Every Markdown file of the tree, in the order of their paths. */
    static List<Document> all(Path root) throws IOException {
        var found = new ArrayList<Document>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return PASSED_OVER.contains(directory.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (file.toString().endsWith(".md")) {
                    found.add(read(root, root.relativize(file)));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        found.sort(Comparator.comparing(Document::path));
        return found;
    }

    static Document read(Path root, Path path) throws IOException {
        return new Document(path, PARSER.parse(Files.readString(root.resolve(path))));
    }

    static Document of(Path path, String text) {
        return new Document(path, PARSER.parse(text));
    }

    String html() {
        return RENDERER.render(node);
    }

    /** The first heading's text, or the file's name. */
    String title() {
        var headings = new ArrayList<String>();
        node.accept(new AbstractVisitor() {
            @Override
            public void visit(Heading heading) {
                headings.add(
                        TextContentRenderer.builder().build().render(heading).strip());
            }
        });
        return headings.isEmpty() ? path.getFileName().toString() : headings.getFirst();
    }

    /** The names by which links reach its headings. */
    Set<String> anchors() {
        var anchors = new HashSet<String>();
        ANCHOR.matcher(html()).results().forEach(match -> anchors.add(match.group(1)));
        return anchors;
    }

    /** Its links and pictures. */
    List<Reference> references() {
        var found = new ArrayList<Reference>();
        node.accept(new AbstractVisitor() {
            @Override
            public void visit(Link link) {
                found.add(new Reference(link, link.getDestination(), line(link)));
                visitChildren(link);
            }

            @Override
            public void visit(Image image) {
                found.add(new Reference(image, image.getDestination(), line(image)));
                visitChildren(image);
            }
        });
        return found;
    }

    /** The file in the tree that a relative destination names, from the tree's root and without its anchor. */
    Path target(String destination) {
        var place = destination.replaceFirst("#.*", "");
        if (place.isEmpty()) {
            return path;
        }
        var parent = path.getParent() == null ? Path.of("") : path.getParent();
        return parent.resolve(URLDecoder.decode(place, StandardCharsets.UTF_8)).normalize();
    }

    private static int line(Node node) {
        return node.getSourceSpans().isEmpty()
                ? 0
                : node.getSourceSpans().getFirst().getLineIndex() + 1;
    }
}
