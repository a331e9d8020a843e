package gateway.reference;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import gateway.api.docs.Docs;

/** The page of all operations: those of the original, ours beside them, and why one is missing. */
final class OperationsPage {
    /**
     * An operation of the original that the given contract does not have.
     *
     * @param since the first version of the original that has it
     * @param reason why ours is missing; empty when ours is there
     */
    record Later(String operation, String since, String reason) {}

    private OperationsPage() {}

    static List<Later> later() throws IOException {
        var later = new ArrayList<Later>();
        for (var line : Files.readAllLines(ReferencePages.ROOT.resolve("src/test/resources/original-operations.tsv"))) {
            if (!line.startsWith("#")) {
                var cells = line.split("\t", -1);
                later.add(new Later(cells[0] + " " + cells[1], cells[2], cells[3]));
            }
        }
        return later;
    }

    /** The operations of a description with their summaries. */
    static Map<String, String> operations(JsonNode document) {
        var operations = new TreeMap<String, String>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(method -> operations.put(
                                method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                                method.getValue().path("summary").asText())));
        return operations;
    }

    static JsonNode given() throws IOException {
        try (var in = OperationsPage.class.getResourceAsStream("/contract/rest-v7.8.3.openapi.yaml")) {
            return new YAMLMapper().readTree(in);
        }
    }

    static String text() throws IOException {
        var ours = operations(Docs.specification());
        var given = operations(given()).keySet();
        var later = new TreeMap<String, Later>();
        later().forEach(one -> later.put(one.operation(), one));
        var page = new StringBuilder(ReferencePages.head("Operations", """
                The operations of the REST API stand beside those of the original, go-whatsapp-web-multidevice 7.8.3 and 9.2.0.
                `/openapi.yaml` of a running gateway describes each of ours. `/docs` shows the same as a page."""));
        page.append("\n| operation | 7.8 | 9.2 | ours |\n|---|---|---|---|\n");
        var all = new TreeSet<>(given);
        all.addAll(later.keySet());
        all.forEach(operation -> {
            var one = later.get(operation);
            var old = one == null || one.since().equals("7.8") ? "yes" : "no";
            var here = one == null || one.reason().isEmpty() ? ours.getOrDefault(operation, "") : "No. " + one.reason();
            row(page, operation, old, "yes", here);
        });
        ours.forEach((operation, summary) -> {
            if (!all.contains(operation)) {
                row(page, operation, "no", "no", summary);
            }
        });
        return page.toString();
    }

    private static void row(StringBuilder page, String operation, String old, String now, String here) {
        page.append("| ")
                .append(ReferencePages.code(operation))
                .append(" | ")
                .append(old)
                .append(" | ")
                .append(now)
                .append(" | ")
                .append(ReferencePages.cell(here))
                .append(" |\n");
    }
}
