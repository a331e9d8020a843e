package gateway.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import gateway.digest.Sha256;

/**
 * The page's files, read once. What a browser keeps is named after what is in it: its version is part of each address
 * and changes when any file does, so nothing has to be asked for twice and nothing old is ever shown.
 */
final class Assets {
    /** Every file but the page itself. A request is looked up here, never in a file system. */
    static final List<String> NAMES = List.of(
            "access.js",
            "app.js",
            "chats.js",
            "compose.js",
            "devices.js",
            "dom.js",
            "gateway.js",
            "groups.js",
            "icon.svg",
            "names.js",
            "operations.js",
            "people.js",
            "pieces.js",
            "posture.js",
            "style.css",
            "theme.js",
            "webhooks.js");

    static final String PAGE = "index.html";

    private final Map<String, Asset> files = new HashMap<>();
    private final String version;
    private final byte[] page;

    /** A file as it is sent. */
    record Asset(String type, byte[] bytes) {}

    Assets() {
        var digest = Sha256.start();
        for (var name : NAMES) {
            var bytes = read(name);
            digest.update(bytes);
            files.put(name, new Asset(type(name), bytes));
        }
        version = HexFormat.of().formatHex(digest.digest(), 0, 8);
        page = new String(read(PAGE), StandardCharsets.UTF_8)
                .replace("{{version}}", version)
                .getBytes(StandardCharsets.UTF_8);
    }

    /** The page, in UTF-8; its files are addressed relative to it. */
    byte[] page() {
        return page;
    }

    /** The file of this version and name, if there is one. */
    Optional<Asset> find(String version, String name) {
        return this.version.equals(version) ? Optional.ofNullable(files.get(name)) : Optional.empty();
    }

    private static String type(String name) {
        return switch (name.substring(name.lastIndexOf('.'))) {
            case ".js" -> "text/javascript; charset=utf-8";
            case ".css" -> "text/css; charset=utf-8";
            case ".svg" -> "image/svg+xml";
            default -> throw new IllegalStateException("no media type is known for " + name);
        };
    }

    private static byte[] read(String name) {
        try (var in = Assets.class.getResourceAsStream("/console/" + name)) {
            if (in == null) {
                throw new IllegalStateException("The program lacks its file console/" + name + "; install it anew.");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
