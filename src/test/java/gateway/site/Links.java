package gateway.site;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The links of all documents, each followed: a file has to exist, and an anchor has to be a heading of its document.
 */
final class Links {
    private final Path root;
    private final Map<Path, Document> documents;

    Links(Path root, List<Document> documents) {
        this.root = root;
        this.documents = documents.stream().collect(Collectors.toMap(Document::path, Function.identity()));
    }

    /** Every link that leads nowhere, with its file, its line and the reason. */
    List<String> dead() {
        var dead = new ArrayList<String>();
        documents.values().stream()
                .sorted(Comparator.comparing(Document::path))
                .forEach(document -> document.references()
                        .forEach(link -> fault(document, link.destination())
                                .ifPresent(fault -> dead.add(document.path() + ":" + link.line() + ": "
                                        + link.destination() + " " + fault))));
        return dead;
    }

    private Optional<String> fault(Document document, String destination) {
        if (destination.matches("[a-z][a-z0-9+.-]*:.*")) {
            return isWellFormed(destination) ? Optional.empty() : Optional.of("is not an address with a host");
        }
        var target = document.target(destination);
        if (destination.startsWith("/") || target.startsWith("..")) {
            return Optional.of("leaves the tree");
        }
        if (Files.notExists(root.resolve(target))) {
            return Optional.of("names no file");
        }
        int hash = destination.indexOf('#');
        if (hash < 0 || documents.get(target) == null && !target.toString().endsWith(".md")) {
            return Optional.empty();
        }
        return documents.get(target).anchors().contains(destination.substring(hash + 1))
                ? Optional.empty()
                : Optional.of("names no heading");
    }

    private static boolean isWellFormed(String destination) {
        try {
            var uri = URI.create(destination);
            return "mailto".equals(uri.getScheme())
                    || uri.getHost() != null && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()));
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }
}
