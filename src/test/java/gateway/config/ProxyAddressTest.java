package gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyAddressTest {
    @Test
    void anAddressIsReadWithAndWithoutAPassword() throws Exception {
        assertEquals(
                new ProxyAddress("proxy.lan", 3128, Optional.empty(), new Secret("")),
                ProxyAddress.parse("http://proxy.lan:3128"));
        assertEquals(
                new ProxyAddress("10.0.0.1", 8080, Optional.of("me"), new Secret("a:b@c+d")),
                ProxyAddress.parse("http://me:a:b%40c+d@10.0.0.1:8080/"));
    }

    @Test
    void noTextOfItShowsThePassword() throws Exception {
        var address = ProxyAddress.parse("http://me:hunter2@proxy.lan:3128");
        assertEquals("http://proxy.lan:3128", address.toString());
        assertEquals("http://proxy.lan:3128", ProxyAddress.mask("http://me:hunter2@proxy.lan:3128"));
        assertFalse(ProxyAddress.mask("http://me:hunter2@").contains("hunter2"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "proxy.lan:3128",
                "https://me:hunter2@proxy.lan:3128",
                "socks5://me:hunter2@proxy.lan:1080",
                "http://me:hunter2@proxy.lan",
                "http://me:hunter2@proxy.lan:0",
                "http://me:hunter2@proxy.lan:65536",
                "http://me:hunter2@proxy.lan:3128/path",
                "http://me:hunter2@proxy.lan:3128?hunter2",
                "http://hunter2@proxy.lan:3128",
                "http://:hunter2@proxy.lan:3128",
                "http://me:hunter2%0d%0aX@proxy.lan:3128",
                "http://m%3Ae:hunter2@proxy.lan:3128",
                "http://me:hunter2%zz@proxy.lan:3128",
                "http://me:hunter2@@proxy.lan:3128"
            })
    void whatIsNoProxyIsRefusedWithoutItsText(String text) {
        var refused = assertThrows(Invalid.class, () -> ProxyAddress.parse(text));
        assertFalse((refused.what() + refused.remedy()).contains("hunter2"), refused.what());
    }
}
