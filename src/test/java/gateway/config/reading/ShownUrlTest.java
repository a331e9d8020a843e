package gateway.config.reading;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import gateway.config.ShownUrl;

class ShownUrlTest {
    @ParameterizedTest
    @CsvSource({
        "https://a.example/hook, https://a.example/hook",
        "https://a.example/hook?key=s3cret, https://a.example/hook?********",
        "https://a.example?s3cret, https://a.example?********",
        "https://u:s3cret@a.example/x, https://a.example/x",
        "https://a.example/x#s3cret, https://a.example/x?********",
        "https://u:s3@cret@a.example/x, ********",
        "u:s3cret@a.example, a.example",
        "https://[::1]:8443/x?s3cret, https://[::1]:8443/x?********"
    })
    void theQueryAndTheUserAreNotShown(String url, String shown) {
        assertEquals(shown, ShownUrl.of(url));
    }

    @Test
    void aListIsMaskedItemByItem() {
        assertEquals(
                "https://a.example/?********,https://b.example/",
                ShownUrl.list("https://a.example/?k=1, https://b.example/"));
    }
}
