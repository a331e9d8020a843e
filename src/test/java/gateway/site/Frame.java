package gateway.site;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** What stands around every page: head, navigation by kind, and room for tables that are wider than the screen. */
final class Frame {
    private final Map<String, List<Entry>> kinds = new LinkedHashMap<>();

    private record Entry(String title, Path page) {}

    Frame(Collection<Document> documents, UnaryOperator<Path> page) {
        Site.kinds().forEach(kind -> kinds.put(kind.getKey(), new ArrayList<>()));
        documents.forEach(document -> kinds.computeIfAbsent(kind(document.path()), none -> new ArrayList<>())
                .add(new Entry(document.title(), page.apply(document.path()))));
    }

    /**
     * The directory of a page below the site's own, or for {@code tutorial.md} its name; empty for a document of the
     * project.
     */
    private static String kind(Path path) {
        if (!path.startsWith(Site.PAGES)) {
            return "";
        }
        return Site.PAGES
                .relativize(path)
                .getName(0)
                .toString()
                .replaceFirst("\\.md$", "")
                .replaceFirst("^index$", "");
    }

    String around(Path here, String title, String body) {
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <title>%s – WhatsApp Gateway</title>
                <link rel="stylesheet" href="%s">
                </head>
                <body>
                <header><a href="%s">WhatsApp Gateway</a> <a class="to-contents" href="#contents">Contents</a></header>
                <main>
                %s</main>
                <nav id="contents" aria-label="Contents">
                %s</nav>
                </body>
                </html>
                """.formatted(
                        escaped(title),
                        Site.relative(here, "style.css"),
                        Site.relative(here, "index.html"),
                        readable(body),
                        navigation(here));
    }

    /** The name of a kind's heading in the navigation. */
    static String anchor(String kind) {
        return "kind-" + kind;
    }

    private String navigation(Path here) {
        var text = new StringBuilder();
        var words = new LinkedHashMap<String, String>();
        Site.kinds().forEach(kind -> words.put(kind.getKey(), kind.getValue()));
        kinds.forEach((kind, entries) -> {
            if (!entries.isEmpty()) {
                text.append("<h2 id=\"")
                        .append(anchor(kind))
                        .append("\">")
                        .append(escaped(words.getOrDefault(kind, kind)))
                        .append("</h2>\n<ul>\n");
                entries.forEach(entry -> text.append("<li><a href=\"")
                        .append(Site.relative(here, entry.page().toString()))
                        .append('"')
                        .append(entry.page().equals(here) ? " aria-current=\"page\"" : "")
                        .append('>')
                        .append(escaped(entry.title()))
                        .append("</a></li>\n"));
                text.append("</ul>\n");
            }
        });
        return text.toString();
    }

    /** Tables scroll by themselves, and each heading below the title can be linked to. */
    private static String readable(String body) {
        return body.replace("<table>", "<div class=\"table\" tabindex=\"0\">\n<table>")
                .replace("</table>", "</table>\n</div>")
                .replaceAll(
                        "<h([2-6]) id=\"([^\"]+)\">(.*?)</h",
                        "<h$1 id=\"$2\">$3 <a class=\"anchor\" href=\"#$2\" aria-label=\"Link to this section\">#</a></h");
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
