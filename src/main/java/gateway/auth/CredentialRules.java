package gateway.auth;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The rules for users and tokens: each method returns a sentence for every bad field, and nothing when all are good. */
public final class CredentialRules {
    private static final int MAX_NOTE = 100;

    private final PasswordPolicy policy = new PasswordPolicy();
    private final InstantSource clock;

    CredentialRules(InstantSource clock) {
        this.clock = clock;
    }

    /** Judges the {@code name} and the {@code password} of a new user. */
    public Map<String, String> user(String name, String password) {
        var objections = new TreeMap<>(password(name, password));
        if (!name.matches("[A-Za-z0-9._@-]{1,64}")) {
            objections.put("name", "A name is 1 to 64 letters, digits or any of . _ @ -.");
        } else if (name.startsWith(CredentialBook.TOKEN_ID) || ConfiguredCredentials.isTokenName(name)) {
            objections.put("name", "A name like that of a token would be taken for one in the logs.");
        }
        return objections;
    }

    /** Judges the {@code password} of a user; a refusal does not repeat it. */
    public Map<String, String> password(String name, String password) {
        return policy.objection(name, password)
                .map(objection -> Map.of("password", "The password " + objection + "."))
                .orElse(Map.of());
    }

    /** Judges the {@code note} and the {@code not_after} of a new token. */
    public Map<String, String> token(String note, Optional<Instant> notAfter) {
        var objections = new TreeMap<String, String>();
        if (note.codePointCount(0, note.length()) > MAX_NOTE) {
            // The API refuses a long note in the same words, by its openapi.yaml.
            objections.put("note", "must be no longer than " + MAX_NOTE + " characters.");
        } else if (note.chars().anyMatch(Character::isISOControl)) {
            objections.put("note", "must be one line, without control characters.");
        }
        if (notAfter.filter(end -> !end.isAfter(clock.instant())).isPresent()) {
            objections.put("not_after", "The token would have ended already.");
        }
        return objections;
    }
}
