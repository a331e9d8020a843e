package gateway.config.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import gateway.config.Invalid;

/** Values in quotation marks, as {@code docker --env-file} passes them on. */
class QuotationMarksTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "DB_URI, \"file:storages/whatsapp.db\"",
                "DB_URI, 'postgresql://u:hunter2@localhost/n'",
                "WHATSAPP_WEBHOOK, \"https://example.com/hunter2\"",
                "WHATSAPP_WEB_URL, \"ws://127.0.0.1:9399/ws/chat\"",
                "APP_PUBLIC_URL, 'https://wa.example.org'",
                "APP_CORS_ALLOWED_ORIGINS, \"https://app.example.com\"",
                "APP_PORT, '3000'"
            })
    void theyAreNamedInOneSentenceForEverySetting(String name, String text) throws Invalid {
        var setting = Catalogue.all().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
        var refused = assertThrows(Invalid.class, () -> setting.parse(text));
        assertEquals("stands in quotation marks, which belong to the value here", refused.what());
        assertFalse(refused.remedy().contains("hunter2"), refused.remedy());
        setting.parse(text.substring(1, text.length() - 1));
    }

    @Test
    void aTextThatOnlyBeginsWithOneHasItsOwnSentence() {
        var refused = assertThrows(Invalid.class, () -> HttpSettings.APP_PUBLIC_URL.parse("'t is nothing"));
        assertEquals("is \"'t is nothing\", which is not an address of a gateway", refused.what());
    }
}
