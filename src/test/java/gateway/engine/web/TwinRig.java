package gateway.engine.web;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import gateway.engine.Content;
import gateway.engine.Event;
import gateway.engine.Jid;

/** What the tests of one account at a twin share. */
abstract class TwinRig {
    static final String OWN = AccountAtTwin.OWN;
    static final String PEER = AccountAtTwin.PEER;
    static final Duration SOON = Duration.ofSeconds(60);
    /** Longer than the longest pause after a connection that was up. */
    private static final Duration A_WHILE = Duration.ofSeconds(9);

    AccountAtTwin account;

    @BeforeEach
    void openAccount(@TempDir Path folder) throws Exception {
        account = new AccountAtTwin(folder);
    }

    @AfterEach
    void closeAccount() throws Exception {
        account.close();
    }

    void send(String id, String text) {
        account.session.send(id, Jid.ofPhone(PEER), new Content.Text(text, Content.Options.NONE));
    }

    /** The texts that the account has received, in their order. */
    List<String> words() {
        return account.events.stream()
                .filter(Event.Message.class::isInstance)
                .map(event -> ((Event.Message) event).content().body())
                .toList();
    }

    /** Waits until the server has no stanza left that the account has not acknowledged. */
    void acknowledged() {
        await().atMost(SOON)
                .until(() -> account.control
                                .get("/phones/" + OWN)
                                .get("unacknowledged")
                                .asInt()
                        == 0);
    }

    /** The server ends the connection with a stream error of that code and child; both may be empty. */
    void disconnect(String code, String child) {
        account.control.post("/disconnect", Map.of("code", code, "child", child));
    }

    void noFurtherLogin() {
        long before = account.logins();
        await().during(A_WHILE).atMost(A_WHILE.plusSeconds(5)).until(() -> account.logins() == before);
    }
}
