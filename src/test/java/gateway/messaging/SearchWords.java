package gateway.messaging;

import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Texts and searches that are made by chance, the same ones in each run. */
final class SearchWords {
    /**
     * What texts and searches are made of: case, wildcards, quotes, the index's own words, its marks of the chats, and
     * more than one plane.
     */
    private static final List<String> PARTS = List.of(
            "a",
            "A",
            "b",
            "the ",
            "THE ",
            "order",
            "Order",
            " ",
            "%",
            "_",
            "\\",
            "\"",
            "'",
            "\"\"",
            "*",
            "^",
            ":",
            "(",
            ")",
            " AND ",
            " NOT ",
            "NEAR",
            "-",
            "é",
            "É",
            "e\u0301",
            "ß",
            "ẞ",
            "İ",
            "i̇",
            "ı",
            "Σ",
            "ς",
            "σ",
            "漢",
            "字",
            "漢字かな",
            "مرحبا",
            "שלום",
            "🙏",
            "👩‍👩‍👧",
            "🙏🏽",
            "\ue000\ue000\ue000",
            "\ue001\ue000\ue000",
            "\ue002\ue000\ue000",
            "\n",
            "\t",
            "\u200b",
            "ﬀ",
            "K");

    private final Random random = new Random(18);

    String text() {
        var text = new StringBuilder();
        // Also such as have a word that nearly no other has.
        if (random.nextInt(20) == 0) {
            text.append("rare ").append(random.nextInt(100));
        }
        for (int n = random.nextInt(8); n > 0; n--) {
            text.append(PARTS.get(random.nextInt(PARTS.size())));
        }
        return text.toString();
    }

    String words() {
        var words = new StringBuilder(random.nextInt(5) == 0 ? "rare " + random.nextInt(10) : "");
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            words.append(PARTS.get(random.nextInt(PARTS.size())));
        }
        return random.nextInt(50) == 0 ? words.toString().repeat(30).toUpperCase(Locale.ROOT) : words.toString();
    }
}
