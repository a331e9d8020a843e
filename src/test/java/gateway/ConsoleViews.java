package gateway;

import java.util.List;
import java.util.stream.Stream;

/** The views of the console that several tests visit, and the person whose chat is one of them. */
final class ConsoleViews {
    static final String ALICE = "12025550101";
    static final String THREAD = "#/chats/" + ALICE + "@s.whatsapp.net";

    private ConsoleViews() {}

    /** These views, and more. */
    static List<String> and(String... more) {
        return Stream.concat(
                        Stream.of(
                                "#/chats",
                                THREAD,
                                "#/compose",
                                "#/compose/image",
                                "#/devices",
                                "#/webhooks",
                                "#/sandbox",
                                "#/health"),
                        Stream.of(more))
                .toList();
    }
}
