package gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import gateway.database.Databases;
import gateway.engine.Content;
import gateway.engine.ContentJson;
import gateway.engine.Jid;
import gateway.engine.MediaFile;
import gateway.store.SqlDialect;

/**
 * The lists of chats and messages, compared byte by byte with what version 11 of the tables answered. Run with
 * {@code -Dgolden=write} to write the file anew, which only a change of the contract excuses.
 */
@ParameterizedClass
@EnumSource(SqlDialect.class)
class ReadBytesTest {
    private static final Path GOLDEN = Path.of("src/test/resources/gateway/api/reads.txt");
    private static final String RICH = "12025550101@s.whatsapp.net";
    private static final String GROUP = "120363025246125486@g.us";
    private static final Content.Options QUOTING =
            new Content.Options("3EB0", "a \"quoted\" line\n", true, 86_400, List.of(Jid.ofPhone("12025550102")));
    private static final List<String> ASKED = List.of(
            "/chats",
            "/chats?limit=1&offset=1",
            "/chats?limit=100",
            "/chats?search=ann",
            "/chats?search=1203",
            "/chats?search=%25",
            "/chats?search=_",
            "/chats?has_media=true",
            "/chats?archived=true",
            "/chats?archived=false",
            "/chats?offset=2147483647",
            "/chats?search=nobody",
            "/chat/" + RICH + "/messages",
            "/chat/" + RICH + "/messages?limit=1",
            "/chat/" + RICH + "/messages?limit=3&offset=2",
            "/chat/" + RICH + "/messages?limit=100",
            "/chat/" + RICH + "/messages?offset=2147483647",
            "/chat/" + RICH + "/messages?media_only=true",
            "/chat/" + RICH + "/messages?is_from_me=true",
            "/chat/" + RICH + "/messages?is_from_me=false&limit=2",
            "/chat/" + RICH + "/messages?search=e",
            "/chat/" + RICH + "/messages?search=HELLO",
            "/chat/" + RICH + "/messages?search=100%25",
            "/chat/" + RICH + "/messages?search=_",
            "/chat/" + RICH + "/messages?search=back%5Cslash",
            "/chat/" + RICH + "/messages?search=%F0%9F%99%8F",
            "/chat/" + RICH + "/messages?search=nothing+of+it",
            "/chat/" + RICH + "/messages?start_time=2026-01-02T03:04:05Z&end_time=2026-01-02T03:04:09Z",
            "/chat/" + GROUP + "/messages",
            "/chat/" + GROUP + "/messages?limit=1&offset=1",
            "/chat/" + GROUP + "/messages?search=wait",
            "/chat/12025550109@s.whatsapp.net/messages",
            "/chat/12025550110@s.whatsapp.net/messages",
            "/chat/" + RICH + "/messages?limit=0",
            "/chat/" + RICH + "/messages?offset=-1",
            "/chats?limit=101");

    @TempDir
    Path directory;

    private final SqlDialect dialect;

    ReadBytesTest(SqlDialect dialect) {
        this.dialect = dialect;
    }

    @Test
    void aListIsTheSameToTheByte() throws Exception {
        var answered = new StringBuilder();
        try (var rig = new ApiRig(directory, Databases.fresh(dialect, directory))) {
            fill(rig);
            for (var asked : ASKED) {
                var reply = rig.get(asked);
                answered.append("GET ")
                        .append(asked)
                        .append('\n')
                        .append(reply.status())
                        .append(' ')
                        .append(reply.type())
                        .append('\n')
                        .append(new String(reply.body(), StandardCharsets.UTF_8))
                        .append('\n');
            }
        }
        if ("write".equals(System.getProperty("golden"))) {
            Files.writeString(GOLDEN, answered);
        }
        assertEquals(Files.readString(GOLDEN), answered.toString());
    }

    private static void fill(ApiRig rig) {
        rig.store.write(tx -> {
            var chat =
                    "INSERT INTO chat (device, jid, name, last_message_at, ephemeral, archived, pinned, created_at, updated_at) "
                            + "VALUES ('default', ?, ?, ?, ?, ?, ?, ?, ?)";
            tx.insert(
                    chat,
                    RICH,
                    "Ann \"Q\" \\ \t\u0001 é 🙏",
                    1_767_323_050_999L,
                    0L,
                    0,
                    1,
                    1_767_323_000_000L,
                    1_767_323_051_001L);
            tx.insert(chat, GROUP, "", 1_767_323_040_000L, 604_800L, 1, 0, 999L, 253_402_300_799_999L);
            tx.insert(chat, "12025550109@s.whatsapp.net", "100%_Empty", 1L, 0L, 0, 0, 0L, -1L);
            int n = 0;
            for (var content : contents()) {
                keep(
                        tx,
                        RICH,
                        "M%03d".formatted(n),
                        n % 3 == 0,
                        content.kind(),
                        content.body(),
                        ContentJson.write(content),
                        1_767_323_040_000L + (n / 2) * 1_000L + 7,
                        n);
                n++;
            }
            tx.update("UPDATE message SET refused = 'The number is not on \"WhatsApp\".' WHERE id = 'M003'");
            tx.update("UPDATE message SET content = '{\"kind\":\"text\",', body = '' WHERE id = 'M001'");
            var reaction =
                    "INSERT INTO reaction (device, chat, message, sender, emoji, reacted_at) VALUES ('default', ?, ?, ?, ?, ?)";
            tx.insert(reaction, RICH, "M002", "12025550102@s.whatsapp.net", "👍🏽", 1_767_323_060_500L);
            tx.insert(reaction, RICH, "M002", "12025550103@s.whatsapp.net", "\"", 1_767_323_060_400L);
            tx.insert(reaction, RICH, "M009", "12025550102@s.whatsapp.net", "❤️", 1_767_323_060_500L);
            keep(
                    tx,
                    GROUP,
                    "G1",
                    false,
                    "text",
                    "They wait",
                    "{\"kind\":\"text\",\"body\":\"They wait\"}",
                    1_767_323_040_000L,
                    0);
            var waits =
                    "INSERT INTO outbox (device, chat, message_id, content, state, due_at, accepted_at, sender, kind) "
                            + "VALUES ('default', ?, ?, ?, ?, 99999999999999, ?, ?, ?)";
            tx.insert(
                    waits,
                    GROUP,
                    "W1",
                    "{\"kind\":\"text\",\"body\":\"I wait\"}",
                    0,
                    1_767_323_041_000L,
                    "12025550100@s.whatsapp.net",
                    "text");
            tx.insert(
                    waits,
                    GROUP,
                    "W2",
                    ContentJson.write(contents().get(6)),
                    0,
                    1_767_323_039_000L,
                    "12025550100@s.whatsapp.net",
                    "image");
            tx.insert(waits, GROUP, "W3", "{\"kind\":\"text\",\"body\":\"sent\"}", 1, 1_767_323_041_000L, "", "text");
            return tx.insert(
                    waits, GROUP, "G1", "{\"kind\":\"text\",\"body\":\"again\"}", 0, 1_767_323_041_000L, "", "text");
        });
    }

    private static void keep(
            gateway.store.Tx tx,
            String chat,
            String id,
            boolean mine,
            String kind,
            String body,
            String content,
            long at,
            int n) {
        tx.insert(
                "INSERT INTO message (device, chat, id, sender, from_me, kind, body, content, sent_at, created_at, updated_at) "
                        + "VALUES ('default', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                chat,
                id,
                mine ? "12025550100@s.whatsapp.net" : chat,
                mine ? 1 : 0,
                kind,
                body,
                content,
                at,
                at + n,
                at + 1_000L * n);
    }

    private static List<Content> contents() {
        var all = new ArrayList<Content>();
        all.add(new Content.Text("Hello", Content.Options.NONE));
        all.add(new Content.Text("damaged", Content.Options.NONE));
        all.add(new Content.Text(
                "100% \"sure\" \\ back\\slash / </script> \b\f\n\r\t\u001f" + " \u2028 é ß İ 漢 🙏 👩‍👩‍👧", QUOTING));
        all.add(new Content.Text("refused_one", Content.Options.NONE));
        all.add(new Content.Text("", Content.Options.NONE));
        all.add(new Content.Text("long ".repeat(4_000) + "🙏", Content.Options.NONE));
        for (var type : Content.Media.Type.values()) {
            all.add(new Content.Media(
                    type,
                    new MediaFile(
                            "0123456789abcdef0123456789abcdef.bin",
                            "application/octet-stream",
                            type == Content.Media.Type.DOCUMENT ? "a \"name\".pdf" : "",
                            5_000_000_000L,
                            "00"),
                    type == Content.Media.Type.IMAGE ? "hello caption 🙏" : "",
                    false,
                    false,
                    QUOTING));
        }
        all.add(new Content.Card("Ann \"A\"", "BEGIN:VCARD\nEND:VCARD", Content.Options.NONE));
        all.add(new Content.Location(-6.2, 106.816666, "Jakarta", "A street", false, Content.Options.NONE));
        all.add(new Content.Location(1, 2, "", "", true, Content.Options.NONE));
        all.add(new Content.Link("https://example.org/?a=1&b=2", "See", Content.Options.NONE));
        all.add(new Content.Poll("Tea or coffee?", List.of("Tea", "Coffee"), 1, Content.Options.NONE));
        all.add(new Content.Structured("list", "{\"title\":\"T\"}", Content.Options.NONE));
        all.add(new Content.Structured("order", "{\"title\":\"T\",\"n\":1}", Content.Options.NONE));
        return all;
    }
}
