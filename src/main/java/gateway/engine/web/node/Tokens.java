package gateway.engine.web.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Dictionary version 3: the texts that go as one byte or two (web-1 §3.1). */
final class Tokens {
    static final int DICTIONARIES = 4;
    private static final int SINGLE_TOKENS = 236;
    private static final int DICTIONARY_TOKENS = 256;
    private static final String FILE = "/gateway/engine/web/tokens.txt";
    private static final Tokens ONLY = read();

    private final String[] single = new String[SINGLE_TOKENS];
    private final String[][] dictionaries = new String[DICTIONARIES][DICTIONARY_TOKENS];
    private final Map<String, Integer> codes = new HashMap<>();

    private Tokens() {}

    static Tokens get() {
        return ONLY;
    }

    /** The text of a single byte from 1 to 235. */
    String single(int code) {
        return single[code];
    }

    /** The text of a dictionary from 0 to 3 and an index of one byte. */
    String of(int dictionary, int index) {
        return dictionaries[dictionary][index];
    }

    /** The token of a text: below 256 a single byte, above it {@code (1 + dictionary) · 256 + index}. */
    Optional<Integer> code(String text) {
        return Optional.ofNullable(codes.get(text));
    }

    private static Tokens read() {
        Tokens tokens = new Tokens();
        try (InputStream file = Tokens.class.getResourceAsStream(FILE)) {
            for (String line : new String(file.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                String[] parts = line.split(" ", 3);
                int index = Integer.parseInt(parts[1]);
                if (parts[0].equals("S")) {
                    tokens.single[index] = parts[2];
                    tokens.codes.put(parts[2], index);
                } else {
                    int dictionary = parts[0].charAt(1) - '0';
                    tokens.dictionaries[dictionary][index] = parts[2];
                    tokens.codes.put(parts[2], (1 + dictionary) * DICTIONARY_TOKENS + index);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tokens;
    }
}
