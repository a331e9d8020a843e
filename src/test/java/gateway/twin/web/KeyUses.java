package gateway.twin.web;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What messages to phones say about their sender's keys: which pair of chain and counter carried which plaintext, and
 * what each phone shows. Remembers the last {@value #MAX} messages.
 */
final class KeyUses {
    static final int MAX = 200_000;
    private static final int HASH_BYTES = 16;

    /** A message at a phone. */
    record Seen(String phone, String sender, String id) {}

    /** The numbers of {@link ControlDoor}'s ledger. */
    record Findings(int reusedKeys, int shownTwice, int waitingPeers) {}

    private record Use(String ciphertext, String plaintext) {}

    private final Ledger ledger;
    private final Map<String, Use> uses = bounded();
    private final Map<Seen, Integer> shown = bounded();
    private final Set<Seen> waiting = new HashSet<>();
    private final Set<String> reused = new HashSet<>();
    private final Set<Seen> twice = new HashSet<>();

    KeyUses(Ledger ledger) {
        this.ledger = ledger;
    }

    private static <K, V> Map<K, V> bounded() {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > MAX;
            }
        };
    }

    /** A phone opened a message, and shows it. */
    synchronized void opened(Seen seen, Ratchet.Opened opened, byte[] wire) {
        ledger.add("opened", used(seen, opened.place(), wire, Optional.of(opened.plain())));
        if (shown.merge(seen, 1, Integer::sum) > 1) {
            twice.add(seen);
        }
        waiting.remove(seen);
    }

    /** A phone has opened a message with the same key before. */
    synchronized void usedBefore(Seen seen, Ratchet.UsedBefore why, byte[] wire) {
        ledger.add("duplicate", used(seen, why.place, wire, why.plain));
    }

    /**
     * A phone could not open a message: it shows that it waits, unless it shows the message already. Whether it waits.
     */
    synchronized boolean notOpened(Seen seen, String why) {
        ledger.add("not opened", seen.phone() + " " + seen.id() + ": " + why);
        boolean isNew = !shown.containsKey(seen);
        if (isNew) {
            waiting.add(seen);
        }
        return isNew;
    }

    synchronized Findings findings() {
        return new Findings(reused.size(), twice.size(), (int)
                waiting.stream().map(Seen::phone).distinct().count());
    }

    private String used(Seen seen, Ratchet.Place place, byte[] wire, Optional<byte[]> plain) {
        var use = new Use(hash(wire), plain.map(KeyUses::hash).orElse("unknown"));
        var pair = place.chain() + " " + place.counter();
        var before = uses.putIfAbsent(pair, use);
        // Under one key the ciphertext follows from the plaintext, and tells it apart where it is not known.
        boolean isOther = before != null
                && (plain.isPresent()
                        ? !before.plaintext().equals(use.plaintext())
                        : !before.ciphertext().equals(use.ciphertext()));
        if (isOther) {
            reused.add(pair);
        }
        return seen.phone() + " " + seen.id() + " from " + seen.sender() + " session " + place.session() + " chain "
                + place.chain()
                + " counter " + place.counter() + " ciphertext " + use.ciphertext() + " plaintext " + use.plaintext()
                + (isOther ? " KEY USED TWICE, before for " + before : "");
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
