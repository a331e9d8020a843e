package gateway.check;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import gateway.check.Check.Phase;

/**
 * One box of the guides' checklists.
 *
 * @param id    {@code A-…} in the guide of best practices, {@code B-…} in the checklist for deployment
 * @param proof whether a machine can prove it
 * @param demand the guide's words
 * @param days   the longest time for which a person's attestation holds; 0 where a machine proves the item
 */
public record Item(String id, Phase phase, Proof proof, String demand, int days) {
    private static final Map<String, Item> ALL = read();

    /** How an item can be proved. */
    public enum Proof {
        MACHINE,
        BOTH,
        PERSON
    }

    /** All items, in the order of the guides. */
    public static List<Item> all() {
        return List.copyOf(ALL.values());
    }

    /** @throws IllegalArgumentException when the guides have no such item */
    public static Item of(String id) {
        var item = ALL.get(id);
        if (item == null) {
            throw new IllegalArgumentException("no item " + id);
        }
        return item;
    }

    /** Whether a person has to attest it. */
    public boolean isAttested() {
        return proof != Proof.MACHINE;
    }

    private static Map<String, Item> read() {
        var items = new LinkedHashMap<String, Item>();
        try (var lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(Item.class.getResourceAsStream("items.tsv")), StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                var cells = line.split("\t");
                items.put(
                        cells[0],
                        new Item(
                                cells[0],
                                Phase.valueOf(cells[1]),
                                Proof.valueOf(cells[2]),
                                cells[3],
                                Integer.parseInt(cells[4])));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The list of items cannot be read", e);
        }
        return Collections.unmodifiableMap(items);
    }
}
