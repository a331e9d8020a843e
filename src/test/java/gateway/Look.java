package gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A look of a page in the browser, in which axe-core judges the page. */
enum Look {
    LIGHT,
    DARK,
    PHONE;

    /** Where pictures of the pages are kept for a person to look at; nowhere when empty. */
    private static final String PICTURES = System.getProperty("console.pictures", "");

    /** Judges the page as it is, in each look. */
    static void all(Browser browser, String name) throws Exception {
        for (var look : values()) {
            look.of(browser);
            look.judge(browser, name);
        }
    }

    void of(Browser browser) throws Exception {
        browser.screen(this == PHONE ? 390 : 1280, 860, this == DARK);
    }

    void judge(Browser browser, String name) throws Exception {
        var what = name + "-" + name().toLowerCase(Locale.ROOT);
        assertEquals(List.of(), browser.barriers(), what);
        // A page that is wider than the screen is moved to and fro by whoever reads it.
        assertEquals(List.of(), browser.wider(), what);
        if (!PICTURES.isEmpty()) {
            browser.screenshot(Path.of(PICTURES, what + ".png"));
        }
    }
}
