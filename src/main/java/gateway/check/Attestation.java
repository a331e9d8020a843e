package gateway.check;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a person said about an item, and until when it holds.
 *
 * @param by    the person's name
 * @param at    when it was said
 * @param until the last day on which it holds, in UTC
 * @param proof the file that it rests on; empty when there is none
 */
public record Attestation(String item, String by, Instant at, LocalDate until, Optional<Proof> proof) {
    /**
     * A file with the hash that it had when the attestation was made.
     *
     * @param path   absolute
     * @param sha256 in hexadecimal
     */
    public record Proof(String path, String sha256) {}

    /**
     * An attestation as it was found.
     *
     * @param trouble why it cannot count: it was altered, or others could have altered it; empty when it counts
     */
    public record Found(Attestation attestation, Optional<String> trouble) {}

    /** The first instant at which it no longer holds. */
    public Instant end() {
        return until.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    /** The text that is sealed: every field after its length, so that no two attestations have the same text. */
    String text() {
        return Stream.of(
                        item,
                        by,
                        at.toString(),
                        until.toString(),
                        proof.map(Proof::path).orElse(""),
                        proof.map(Proof::sha256).orElse(""))
                .map(field -> field.length() + ":" + field)
                .collect(Collectors.joining());
    }
}
