package gateway.engine.web.book;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.engine.OutboundProxy;
import gateway.engine.web.appstate.CollectionState;
import gateway.engine.web.appstate.LtHash;
import gateway.engine.web.appstate.Synced;
import gateway.engine.web.message.Poll;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.pairing.DeviceCredentials;
import gateway.engine.web.signal.CurvePair;
import gateway.engine.web.signal.GroupCipher;
import gateway.engine.web.signal.PreKeyBundle;
import gateway.engine.web.signal.SessionCipher;
import gateway.engine.web.signal.SessionCodec;
import gateway.engine.web.signal.SignalSession;
import gateway.secret.KeyRing;
import gateway.secret.Sealing;
import gateway.store.Database;
import gateway.store.Store;

/** The engine's tables hold nothing in the clear, give back what they were given, and end with their account. */
class BookTest {
    private static final Random CHANCE = new Random(7);
    private static final String PEER = "12345:3@lid";

    @TempDir
    Path folder;

    private Store store;
    private Book book;

    @BeforeEach
    void open() {
        store = Store.open(new Database.Sqlite(folder.resolve("whatsapp.db")));
        var seals =
                new Sealing(store, KeyRing.file(folder.resolve("key")), folder.resolve("none"), InstantSource.system());
        store.write(tx -> tx.insert("INSERT INTO device (id, created_at) VALUES ('one', 1), ('other', 1)"));
        book = new Book("one", store, seals);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private DeviceCredentials credentials() throws Exception {
        var own = DeviceCredentials.draw(CHANCE);
        return own.withPaired(new DeviceCredentials.Paired(
                DeviceJid.parse("6281:2@s.whatsapp.net"),
                Optional.of(DeviceJid.parse("77:2@lid")),
                "android",
                "",
                new byte[] {1, 2},
                own.identity().known()));
    }

    private SignalSession session() throws Exception {
        var them = DeviceCredentials.draw(CHANCE);
        return SessionCipher.open(
                Optional.empty(),
                DeviceCredentials.draw(CHANCE).local(),
                new PreKeyBundle(
                        5,
                        them.identity().known(),
                        them.signedPreKey().id(),
                        them.signedPreKey().pair().known(),
                        them.signedPreKey().signature(),
                        Optional.empty()),
                CHANCE);
    }

    private List<String> tables() {
        return store.all(
                row -> row.text(1),
                "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 4) = 'web_'");
    }

    private void fill() throws Exception {
        var message = "a very secret word".getBytes(StandardCharsets.UTF_8);
        book.write(book.own()
                .keep(credentials())
                .add(book.own().keepPreKey(1, CurvePair.draw(CHANCE)))
                .add(book.peers().keep(PEER, session()))
                .add(book.peers().keepIdentity(PEER, CurvePair.draw(CHANCE).known()))
                .add(book.peers().keep("1@g.us", PEER, GroupCipher.rotate(CHANCE)))
                .add(book.own().keepAppStateKey("0a", message))
                .add(book.directory().keepMapping("12345", "6282"))
                .add(book.directory().keepDevices("12345@lid", List.of(0, 3), 5))
                .add(book.outgoing().keep("3EB0", new OutgoingMessages.Outgoing("12345@lid", message, message, 0), 5))
                .add(book.polls()
                        .keep(
                                "12345@lid",
                                "3EB0",
                                new KeptPolls.Kept("1@lid", new Poll(new byte[32], List.of("a very secret word"))),
                                5))
                .add(book.contacts().keep("12345@lid", KeptContacts.Source.BOOK, "a very secret word"))
                .add(book.notes().keep(KeptNotes.OWN_NAME, message, 5))
                .add(book.tokens().keep("12345@lid", message, 5))
                .add(book.appState()
                        .keep(
                                "regular",
                                new Synced.Taken(
                                        new CollectionState(1, LtHash.empty(), false),
                                        Map.of(
                                                ByteString.copyFromUtf8("index"),
                                                Optional.of(ByteString.copyFromUtf8("value"))),
                                        List.of()),
                                true)));
        book.proxy().keep(Optional.of(new OutboundProxy("proxy.example", 3128, "user", "a very secret word")));
    }

    @Test
    void whatWasKeptComesBack() throws Exception {
        var own = credentials();
        var session = session();
        book.write(book.own().keep(own).add(book.peers().keep(PEER, session)));
        var read = book.own().credentials().orElseThrow();
        assertEquals(own.identity(), read.identity());
        assertEquals(own.noise(), read.noise());
        assertEquals(own.registrationId(), read.registrationId());
        assertEquals(
                own.paired().orElseThrow().lid(), read.paired().orElseThrow().lid());
        assertArrayEquals(own.signedPreKey().signature(), read.signedPreKey().signature());
        assertTrue(book.own().preKeys().signed(own.signedPreKey().id()).isPresent());
        assertArrayEquals(
                SessionCodec.encode(session),
                SessionCodec.encode(book.peers().session(PEER).orElseThrow()));
    }

    @Test
    void outOfABackupSessionsOnlyReadAndOwnSenderKeysAreGone() throws Exception {
        fill();
        book.write(book.peers()
                .keep("1@g.us", "6281:2@s.whatsapp.net", GroupCipher.rotate(CHANCE))
                .add(book.peers().keep("1@g.us", "77:2@lid", GroupCipher.rotate(CHANCE))));
        book.write(book.forReading());
        assertFalse(book.peers().session(PEER).orElseThrow().sends());
        assertTrue(book.peers().senderKeys("1@g.us", "6281:2@s.whatsapp.net").isEmpty()
                && book.peers().senderKeys("1@g.us", "77:2@lid").isEmpty());
        assertTrue(book.peers().senderKeys("1@g.us", PEER).isPresent(), "another's messages are still read");
        book.write(book.forReading());
        assertFalse(book.peers().session(PEER).orElseThrow().sends());
    }

    @Test
    void aRemovedAccountLeavesNoKeyBehind() throws Exception {
        fill();
        for (var table : tables()) {
            assertEquals(1, store.number("SELECT count(*) FROM " + table + " WHERE device = 'one'"), table);
        }
        store.write(tx -> tx.delete("DELETE FROM device WHERE id = 'one'"));
        for (var table : tables()) {
            assertEquals(0, store.number("SELECT count(*) FROM " + table), table);
        }
        assertEquals(17, tables().size());
    }

    @Test
    void aLogoutForgetsEveryTable() throws Exception {
        fill();
        book.write(book.wipe());
        for (var table : tables()) {
            // The way out of this machine is no key: the next pairing leaves by it as well.
            int left = table.equals("web_proxy") ? 1 : 0;
            assertEquals(left, store.number("SELECT count(*) FROM " + table), table);
        }
    }

    @Test
    void aCopyOfTheFilesShowsNoWordOfAMessage() throws Exception {
        fill();
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                assertFalse(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                        .contains("a very secret word"));
            }
        }
    }

    @Test
    void aTokensNewerFormStaysAndOurOwnTimeBesideIt() {
        book.write(book.tokens()
                .keep("1@lid", new byte[] {1}, 10)
                .add(book.tokens().issued("1@lid", 7))
                .add(book.tokens().keep("1@lid", new byte[] {2}, 9))
                .add(book.tokens().issued("1@lid", 6)));
        var held = book.tokens().find("1@lid");
        assertArrayEquals(new byte[] {1}, held.token().orElseThrow());
        assertEquals(List.of(10L, 7L), List.of(held.issuedAt(), held.ownIssuedAt()));
        book.write(book.tokens().issued("2@lid", 8));
        assertTrue(book.tokens().find("2@lid").token().isEmpty());
    }

    @Test
    void theAddressBooksNameCountsMoreAndADashIsNone() {
        book.write(book.contacts()
                .keep("1@lid", KeptContacts.Source.PUSH, "ada")
                .add(book.contacts().keep("1@lid", KeptContacts.Source.BOOK, "Ada"))
                .add(book.contacts().keep("2@lid", KeptContacts.Source.PUSH, "bob"))
                .add(book.contacts().keep("3@lid", KeptContacts.Source.PUSH, "-"))
                .add(book.contacts().keep("4@lid", KeptContacts.Source.PUSH, "x".repeat(999))));
        assertEquals(
                Map.of("1@lid", "Ada", "2@lid", "bob", "4@lid", "x".repeat(KeptContacts.MAX_NAME)),
                book.contacts().all());
        book.write(book.contacts().keep("1@lid", KeptContacts.Source.BOOK, ""));
        assertEquals("ada", book.contacts().all().get("1@lid"));
    }

    @Test
    void theFirstPollOfAnIdStaysAndOldOnesGo() {
        var first = new KeptPolls.Kept("1@lid", new Poll(new byte[32], List.of("Tea")));
        var other = new KeptPolls.Kept("2@lid", new Poll(new byte[32], List.of("Beer")));
        book.write(book.polls().keep("1@lid", "3EB0", first, 5).add(book.polls().keep("1@lid", "3EB0", other, 6)));
        assertEquals("1@lid", book.polls().find("1@lid", "3EB0").orElseThrow().author());
        assertTrue(book.polls().find("2@lid", "3EB0").isEmpty());
        book.write(book.polls().dropOld(5));
        assertTrue(book.polls().find("1@lid", "3EB0").isPresent());
        book.write(book.polls().dropOld(6));
        assertTrue(book.polls().find("1@lid", "3EB0").isEmpty());
    }

    @Test
    void noPreKeysNumberIsGivenTwice() {
        book.write(
                book.own().keepPreKey(1, CurvePair.draw(CHANCE)).add(book.own().keepPreKey(2, CurvePair.draw(CHANCE))));
        book.write(book.own().dropPreKey(2));
        assertTrue(book.own().preKeys().oneTime(2).isEmpty());
        assertEquals(3, book.own().nextPreKey());
        book.write(book.own().dropPreKey(1));
        assertEquals(3, book.own().nextPreKey());
        assertTrue(book.own().preKeys().oneTime(1).isEmpty());
    }

    @Test
    void theBytesOfAMessageStayUntilItIsTaken() {
        var bytes = new byte[] {1, 2, 3};
        book.write(book.outgoing().keep("3EB0", new OutgoingMessages.Outgoing("1@lid", bytes, bytes, 0), 5));
        assertArrayEquals(bytes, book.outgoing().find("3EB0").orElseThrow().stanza());
        book.write(book.outgoing().taken("3EB0", 9));
        assertEquals(0, book.outgoing().find("3EB0").orElseThrow().stanza().length);
        assertEquals(9, book.outgoing().find("3EB0").orElseThrow().takenAt());
        assertArrayEquals(bytes, book.outgoing().find("3EB0").orElseThrow().message());
    }
}
