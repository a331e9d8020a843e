package gateway.twin.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The token table of dictionary version 3, read from the data file of facts (dossier web-1 §3.1). */
final class Tokens {
    private static final String[] SINGLE = new String[256];
    private static final String[][] DOUBLE = new String[4][256];
    private static final Map<String, byte[]> CODES = new HashMap<>();

    private Tokens() {}

    static {
        try (var in = Tokens.class.getResourceAsStream("/gateway/engine/web/tokens.txt")) {
            for (var line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                var parts = line.split("[\t ]", 3);
                if (parts.length < 3) {
                    continue;
                }
                int index = Integer.parseInt(parts[1]);
                if (parts[0].equals("S")) {
                    SINGLE[index] = parts[2];
                    CODES.put(parts[2], new byte[] {(byte) index});
                } else {
                    int dictionary = parts[0].charAt(1) - '0';
                    DOUBLE[dictionary][index] = parts[2];
                    CODES.put(parts[2], new byte[] {(byte) (236 + dictionary), (byte) index});
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The bytes for a text, or {@code null} when the text is not a token. */
    static byte[] code(String text) {
        return CODES.get(text);
    }

    static String single(int index) {
        return SINGLE[index];
    }

    static String pair(int dictionary, int index) {
        return DOUBLE[dictionary][index];
    }
}
