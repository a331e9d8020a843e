package gateway.engine.web.message;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import gateway.engine.web.primitive.FieldReader;
import gateway.engine.web.primitive.FieldWriter;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/**
 * The selection of fields that a reporting token covers: a walk over an encoded message. Of a listed field with
 * children only the listed children are kept; a field without any is left out; fields are ordered by number.
 */
final class ReportedFields {
    /** How deep wrappers are followed; each level of a real message is one. */
    static final int MAX_DEPTH = 16;

    /**
     * The table: a number keeps the field, a list in parentheses keeps these children, {@code x} stands for {@code
     * (21 22)}, the forwarding marks, and {@code m} for a message inside, to which the table is applied again.
     */
    private static final String TABLE = "1 3(2 3 8 11 17x 25) 4(1 16 17x) 5(3 4 5 16 17x) 6(1 17x 30) 7(2 7 10 17x 20) "
            + "8(2 7 9 17x 21) 9(2 6 7 13 17x 20) 12(1 2 14m 15) 18(6 16 17x) 26(4 5 8 13 17x) 28(1 2 4 5 6 7x) "
            + "37(1m) 53(1m) 55(1m) 58(1m) 59(1m) 74(1m) 87(1m) 92(1m) 93(1m) 94(1m) "
            + "49(2 3(1 2) 5x 8(1 2)) 60(2 3(1 2) 5x 8(1 2)) 64(2 3(1 2) 5x 8(1 2)) 66(2 6 7 13 17x 20) 88(1 2(1) 3x)";

    private static final Map<Integer, Rule> RULES = new Parser(TABLE).rules();

    private ReportedFields() {}

    private sealed interface Rule {}

    private record Whole() implements Rule {}

    private record Children(Map<Integer, Rule> rules) implements Rule {}

    private record Inside() implements Rule {}

    private record Kept(int number, byte[] raw) {}

    static byte[] select(byte[] message) throws WireRefusal {
        return select(new FieldReader(message), RULES, 0);
    }

    private static byte[] select(FieldReader field, Map<Integer, Rule> rules, int depth) throws WireRefusal {
        if (depth > MAX_DEPTH) {
            throw new WireRefusal(Reason.OVERSIZED, "the message has more than " + MAX_DEPTH + " levels");
        }
        List<Kept> kept = new ArrayList<>();
        while (field.next()) {
            switch (rules.get(field.number())) {
                case null -> {}
                case Whole() -> kept.add(new Kept(field.number(), field.raw()));
                case Children(Map<Integer, Rule> children) -> nested(field, children, depth, kept);
                case Inside() -> nested(field, RULES, depth, kept);
            }
        }
        kept.sort(Comparator.comparingInt(Kept::number));
        FieldWriter out = new FieldWriter();
        kept.forEach(part -> out.raw(part.raw));
        return out.written();
    }

    private static void nested(FieldReader field, Map<Integer, Rule> rules, int depth, List<Kept> kept)
            throws WireRefusal {
        byte[] inner = select(field.message(), rules, depth + 1);
        if (inner.length > 0) {
            kept.add(new Kept(
                    field.number(),
                    new FieldWriter().bytes(field.number(), inner).written()));
        }
    }

    /** Reads the table. */
    private static final class Parser {
        private static final Map<Integer, Rule> FORWARDING = Map.of(21, new Whole(), 22, new Whole());

        private final List<String> words;
        private int at;

        Parser(String table) {
            words = List.of(table.replaceAll("([()xm])", " $1 ").trim().split("\\s+"));
        }

        Map<Integer, Rule> rules() {
            Map<Integer, Rule> rules = new TreeMap<>();
            while (at < words.size() && !words.get(at).equals(")")) {
                int number = Integer.parseInt(words.get(at++));
                rules.put(number, rule());
            }
            return Map.copyOf(rules);
        }

        private Rule rule() {
            String next = at < words.size() ? words.get(at) : "";
            return switch (next) {
                case "x" -> {
                    at++;
                    yield new Children(FORWARDING);
                }
                case "m" -> {
                    at++;
                    yield new Inside();
                }
                case "(" -> {
                    at++;
                    Map<Integer, Rule> children = rules();
                    at++;
                    yield new Children(children);
                }
                default -> new Whole();
            };
        }
    }
}
