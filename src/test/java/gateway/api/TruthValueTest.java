package gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The words for true and false in a form and in a query, as clients of the original write them. */
class TruthValueTest {
    @TempDir
    Path directory;

    @Test
    void aFormAndAQueryTakeEveryWordThatTheOriginalTakes() {
        try (var rig = new ApiRig(directory).paired()) {
            for (var word : List.of("true", "True", "TRUE", "t", "T", "1", "false", "False", "FALSE", "f", "F", "0")) {
                assertEquals(200, form(rig, word).status(), word);
                assertEquals(200, rig.get("/chats?archived=" + word).status(), word);
            }
        }
    }

    @Test
    void anotherWordIsRefusedByTheFieldsName() {
        try (var rig = new ApiRig(directory).paired()) {
            for (var word : List.of("yes", "tRUE", "2", "None")) {
                assertEquals(400, form(rig, word).status(), word);
                assertEquals(
                        "is_forwarded: must be true or false.", form(rig, word).message(), word);
                assertEquals(
                        "archived: must be true or false.",
                        rig.get("/chats?archived=" + word).message(),
                        word);
            }
        }
    }

    private static ApiRig.Reply form(ApiRig rig, String word) {
        return rig.send(rig.request("/send/message")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "phone=" + ApiRig.ALICE + "&message=hello&is_forwarded=" + word)));
    }
}
