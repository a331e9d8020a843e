package gateway.audit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Ways to change a log, each of which must be noticed. */
@FunctionalInterface
interface Mutation {
    byte[] apply(byte[] log, Random random);

    static Mutation of(int kind) {
        return switch (kind) {
            case 0 -> Mutation::flipBit;
            case 1 -> (log, random) -> lines(log, random, (list, r) -> list.remove(r.nextInt(list.size())));
            case 2 ->
                (log, random) -> lines(
                        log, random, (list, r) -> list.add(r.nextInt(list.size()), list.get(r.nextInt(list.size()))));
            case 3 ->
                (log, random) -> lines(log, random, (list, r) -> {
                    int at = r.nextInt(list.size() - 1);
                    Collections.swap(list, at, at + 1);
                });
            case 4 ->
                (log, random) -> lines(
                        log,
                        random,
                        (list, r) -> Collections.swap(
                                list, r.nextInt(list.size() / 2), list.size() / 2 + r.nextInt(list.size() / 2)));
            case 5 -> (log, random) -> Arrays.copyOf(log, random.nextInt(log.length));
            case 6 ->
                (log, random) -> lines(
                        log,
                        random,
                        (list, r) ->
                                list.subList(0, 1 + r.nextInt(list.size() - 1)).clear());
            case 7 -> Mutation::insertByte;
            default ->
                (log, random) -> lines(log, random, (list, r) -> {
                    int at = r.nextInt(list.size());
                    list.set(at, list.get(at).replaceFirst("\"(ada|192)", "\"eve"));
                });
        };
    }

    private static byte[] flipBit(byte[] log, Random random) {
        byte[] copy = log.clone();
        copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
        return copy;
    }

    private static byte[] insertByte(byte[] log, Random random) {
        int at = random.nextInt(log.length);
        var out = new ByteArrayOutputStream();
        out.write(log, 0, at);
        out.write(' ' + random.nextInt(90));
        out.write(log, at, log.length - at);
        return out.toByteArray();
    }

    /** Edits a list of lines. */
    @FunctionalInterface
    interface Edit {
        void on(List<String> lines, Random random);
    }

    private static byte[] lines(byte[] log, Random random, Edit edit) {
        List<String> lines = new ArrayList<>(List.of(new String(log, StandardCharsets.ISO_8859_1).split("\n")));
        edit.on(lines, random);
        return lines.isEmpty() ? new byte[0] : (String.join("\n", lines) + "\n").getBytes(StandardCharsets.ISO_8859_1);
    }
}
