package gateway.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.Test;

class CredentialRulesTest {
    private final CredentialRules rules = new CredentialRules(InstantSource.system());

    /** The description counts characters, of which one can be two units of UTF-16. */
    @Test
    void aNoteHasUpToAHundredCharactersWhicheverTheyAre() {
        var note = "\ud83d\ude00".repeat(100);
        assertEquals(Map.of(), rules.token(note, Optional.empty()));
        assertEquals(Set.of("note"), rules.token(note + "x", Optional.empty()).keySet());
    }
}
