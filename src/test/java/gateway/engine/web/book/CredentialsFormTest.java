package gateway.engine.web.book;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import gateway.engine.web.primitive.WireRefusal;

/** Stored credentials that lack a field. */
class CredentialsFormTest {
    @Test
    void credentialsWithoutAFieldAreRefusedWithItsNumber() {
        var refusal = assertThrows(WireRefusal.class, () -> CredentialsForm.read(new byte[0]));

        assertEquals(WireRefusal.Reason.MALFORMED, refusal.reason());
        assertEquals("stored credentials without field 2", refusal.getMessage());
    }
}
