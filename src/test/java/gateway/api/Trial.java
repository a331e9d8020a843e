package gateway.api;

import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import gateway.api.Specification.Field;

/** The values of one request, by where they stand in it. */
record Trial(
        Map<String, String> headers,
        Map<String, String> path,
        Map<String, String> query,
        ObjectNode body,
        Map<String, ApiRig.FormFile> files) {

    static final Trial EMPTY = new Trial(Map.of(), Map.of(), Map.of(), ApiRig.object(), Map.of());

    /** The same request with one value more, or with another one in its place. */
    Trial with(Field field, JsonNode value) {
        return switch (field.in()) {
            case "header" -> new Trial(put(headers, field.name(), value.asText()), path, query, body, files);
            case "path" -> new Trial(headers, put(path, field.name(), value.asText()), query, body, files);
            case "query" -> new Trial(headers, path, put(query, field.name(), value.asText()), body, files);
            default -> new Trial(headers, path, query, body.deepCopy().set(field.name(), value), files);
        };
    }

    Trial header(String name, String value) {
        return new Trial(put(headers, name, value), path, query, body, files);
    }

    Trial query(String name, String value) {
        return new Trial(headers, path, put(query, name, value), body, files);
    }

    Trial body(JsonNode further) {
        var all = body.deepCopy();
        further.properties().forEach(value -> all.set(value.getKey(), value.getValue()));
        return new Trial(headers, path, query, all, files);
    }

    Trial without(String name) {
        var fewer = body.deepCopy();
        fewer.remove(name);
        return new Trial(headers, path, query, fewer, files);
    }

    Trial file(String name, ApiRig.FormFile file) {
        return new Trial(headers, path, query, body, put(files, name, file));
    }

    Trial noFile() {
        return new Trial(headers, path, query, body, Map.of());
    }

    private static <V> Map<String, V> put(Map<String, V> values, String name, V value) {
        var all = new LinkedHashMap<>(values);
        all.put(name, value);
        return all;
    }

    /** All that the request says, in words; of a file its size. */
    String words() {
        return headers + " " + path + " " + query + " " + body + " "
                + files.entrySet().stream()
                        .map(file -> file.getKey() + " of " + file.getValue().bytes().length + " bytes")
                        .toList();
    }
}
