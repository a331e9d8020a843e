package gateway.engine.web.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import gateway.engine.web.connection.End.Reaction;
import gateway.engine.web.node.Node;

class EndTest {
    @ParameterizedTest
    @CsvSource({
        "515,,Restart,RECONNECT_NOW",
        "401,device_removed,LoggedOut,WIPE",
        "401,,ServerTrouble,BACK_OFF",
        ",replaced,Replaced,STOP",
        "440,replaced,Replaced,STOP",
        "503,,ServerTrouble,BACK_OFF",
        "xyz,,ServerTrouble,BACK_OFF",
        "-515,,ServerTrouble,BACK_OFF",
        "500,device_removed,ServerTrouble,BACK_OFF"
    })
    void streamErrorsAreReadByCodeAndConflict(String code, String conflict, String name, Reaction reaction) {
        Node error = Node.of("stream:error");
        error = code == null ? error : error.with("code", code);
        error = conflict == null ? error : error.holding(Node.of("conflict").with("type", conflict));
        assertIs(name, reaction, error);
    }

    @ParameterizedTest
    @CsvSource({
        "400,Refused,STOP",
        "401,LoggedOut,WIPE",
        "402,TemporaryBan,STOP",
        "403,LoggedOut,WIPE",
        "405,Outdated,STOP",
        "406,LoggedOut,WIPE",
        "409,Refused,STOP",
        "411,Refused,STOP",
        "413,Refused,STOP",
        "414,Refused,STOP",
        "415,Refused,STOP",
        "418,Refused,STOP",
        "500,ServerTrouble,BACK_OFF",
        "501,Refused,STOP",
        "503,ServerTrouble,BACK_OFF",
        "999,ServerTrouble,BACK_OFF",
        "99999999999,ServerTrouble,BACK_OFF"
    })
    void failuresAreReadByReason(String reason, String name, Reaction reaction) {
        assertIs(name, reaction, Node.of("failure").with("reason", reason));
    }

    @Test
    void whatAFailureSaysIsKept() {
        assertEquals(
                Optional.of(new End.LoggedOut(403, "Head", "Sub")),
                End.of(Node.of("failure")
                        .with("reason", 403)
                        .with("logout_message_header", "Head")
                        .with("logout_message_subtext", "Sub")));
        assertEquals(
                Optional.of(new End.TemporaryBan(104, Duration.ofHours(1))),
                End.of(Node.of("failure").with("reason", 402).with("code", 104).with("expire", 3600)));
        assertEquals(
                Optional.of(new End.TemporaryBan(0, Duration.ZERO)),
                End.of(Node.of("failure").with("reason", 402).with("expire", "soon")));
        assertIs("IllFormed", Reaction.BACK_OFF, Node.of("stream:error").holding(Node.of("xml-not-well-formed")));
        assertIs("Lost", Reaction.BACK_OFF, Node.of("xmlstreamend"));
        assertEquals(Optional.empty(), End.of(Node.of("success")));
    }

    private static void assertIs(String name, Reaction reaction, Node stanza) {
        End end = End.of(stanza).orElseThrow();
        assertEquals(name, end.getClass().getSimpleName());
        assertEquals(reaction, end.reaction());
    }
}
