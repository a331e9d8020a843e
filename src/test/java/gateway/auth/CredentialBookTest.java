package gateway.auth;

import static gateway.auth.AuthenticatorRig.basic;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.audit.AuditEntry;
import gateway.audit.AuditLog;
import gateway.audit.AuditMetrics;
import gateway.audit.SecurityLog;
import gateway.store.Database;
import gateway.store.Store;

class CredentialBookTest {
    private static final CredentialBook.By BY = new CredentialBook.By("ada", "192.0.2.1", "req-12345");
    private static final InetAddress HOME = Network.address("192.0.2.1").orElseThrow();
    private static final String FIRST = PasswordPolicy.generate();
    private static final EnumSet<Principal.Scope> ALL = EnumSet.allOf(Principal.Scope.class);

    @TempDir
    Path directory;

    private final MovingClock clock = new MovingClock();
    private Store store;
    private AuditLog log;
    private CredentialBook book;
    private Authenticator authenticator;

    @BeforeEach
    void open() throws IOException {
        store = Store.open(new Database.Sqlite(directory.resolve("whatsapp.db")));
        log = new AuditLog(
                directory.resolve("security.log"),
                directory.resolve("keys"),
                Clock.systemUTC(),
                line -> {},
                AuditMetrics.NONE);
        book = new CredentialBook(store, generation(), log, clock);
        authenticator = new Authenticator(source -> new StoredCredentials(store, source, generation()), clock);
    }

    /** Each its own, as in two processes: only the file is shared. */
    private Generation generation() {
        return Generation.shared(directory.resolve("accounts.generation"));
    }

    @AfterEach
    void close() {
        authenticator.close();
        log.close();
        store.close();
    }

    private boolean admits(String header) {
        return authenticator.authenticate(header, HOME) instanceof Admission.Admitted;
    }

    @Test
    void aRevokedUserIsRefusedOnTheVeryNextRequest() {
        book.addUser(BY, "bob", FIRST, ALL, Optional.empty());
        assertTrue(admits(basic("bob", FIRST)));
        book.revokeUser(BY, "bob");
        assertFalse(admits(basic("bob", FIRST)));
        assertEquals(List.of(), book.users());
    }

    @Test
    void aRevokedTokenIsRefusedOnTheVeryNextRequest() {
        var token = book.createToken(
                BY, "billing", EnumSet.of(Principal.Scope.SEND), Optional.of("phone"), Optional.empty());
        var admitted =
                assertInstanceOf(Admission.Admitted.class, authenticator.authenticate("Bearer " + token.text(), HOME));
        assertEquals(token.id(), admitted.principal().name());
        assertEquals(Optional.of("phone"), admitted.principal().device());
        book.revokeToken(BY, token.id());
        assertFalse(admits("Bearer " + token.text()));
        assertThrows(CredentialBook.Refused.class, () -> book.revokeToken(BY, token.id()));
    }

    @Test
    void aRevocationByAnotherProcessOnTheDatabaseHoldsOnTheNextRequestToo() {
        book.addUser(BY, "bob", FIRST, ALL, Optional.empty());
        assertTrue(admits(basic("bob", FIRST)));
        try (var other = Store.open(new Database.Sqlite(directory.resolve("whatsapp.db")))) {
            new CredentialBook(other, generation(), log, clock).revokeUser(BY, "bob");
        }
        assertFalse(admits(basic("bob", FIRST)));
    }

    @Test
    void onADatabaseServerTheNumberIsAskedForAndHoldsAsWell() {
        var asked = StoredCredentials.onServer(store);
        book = new CredentialBook(store, asked, log, clock);
        try (var remote = new Authenticator(
                source -> new StoredCredentials(store, source, StoredCredentials.onServer(store)), clock)) {
            book.addUser(BY, "bob", FIRST, ALL, Optional.empty());
            assertInstanceOf(Admission.Admitted.class, remote.authenticate(basic("bob", FIRST), HOME));
            book.revokeUser(BY, "bob");
            assertInstanceOf(Admission.Refused.class, remote.authenticate(basic("bob", FIRST), HOME));
        }
    }

    @Test
    void whatChangesNothingDoesNotMoveTheGeneration() {
        book.addUser(BY, "bob", FIRST, ALL, Optional.empty());
        var token = book.createToken(
                BY,
                "billing",
                ALL,
                Optional.empty(),
                Optional.of(clock.instant().plusSeconds(60)));
        long shared = generation().now();
        long stored = stored();
        assertThrows(CredentialBook.Refused.class, () -> book.revokeToken(BY, "nosuch"));
        assertThrows(CredentialBook.Refused.class, () -> book.revokeUser(BY, "nosuch"));
        assertThrows(CredentialBook.Refused.class, () -> book.addUser(BY, "bob", FIRST, ALL, Optional.empty()));
        assertThrows(CredentialBook.Refused.class, () -> book.changePassword(BY, "nosuch", FIRST, Duration.ZERO));
        assertThrows(CredentialBook.Refused.class, () -> book.replaceToken(BY, "nosuch", Duration.ZERO));
        assertEquals(shared, generation().now());
        assertEquals(stored, stored());
        // The token ends before the overlap does: one change, the new token.
        book.replaceToken(BY, token.id(), Duration.ofHours(1));
        assertEquals(stored + 1, stored());
        assertEquals(shared + 1, generation().now());
    }

    private long stored() {
        return store.number("SELECT generation FROM account_generation WHERE id = 1");
    }

    @Test
    void aClientThatWasVerifiedGoesOnOverAChangeThoughItsAddressWaits() {
        book.addUser(BY, "bob", FIRST, ALL, Optional.empty());
        assertTrue(admits(basic("bob", FIRST)));
        for (int i = 0; i < 12; i++) {
            authenticator.authenticate("Bearer guess" + i, HOME);
        }
        assertThrows(CredentialBook.Refused.class, () -> book.revokeToken(BY, "nosuch"));
        assertTrue(admits(basic("bob", FIRST)));
        book.addUser(BY, "eve", PasswordPolicy.generate(), ALL, Optional.empty());
        assertTrue(admits(basic("bob", FIRST)));
        book.revokeUser(BY, "bob");
        assertFalse(admits(basic("bob", FIRST)));
    }

    @Test
    void noUserHasATokensName() {
        for (String name : List.of("tok_0123456789ab", "WHATSAPP_SECRET", "ADMIN_TOKEN")) {
            assertThrows(CredentialBook.Refused.class, () -> book.addUser(BY, name, FIRST, ALL, Optional.empty()));
        }
    }

    @Test
    void duringARotationBothPasswordsAreGoodAndThenOnlyTheNewOne() {
        String second = PasswordPolicy.generate();
        book.addUser(BY, "bob", FIRST, ALL, Optional.empty());
        book.changePassword(BY, "bob", second, Duration.ofHours(24));
        assertTrue(assertInstanceOf(Admission.Admitted.class, authenticator.authenticate(basic("bob", FIRST), HOME))
                .retiring());
        assertTrue(admits(basic("bob", second)));
        assertEquals(2, book.users().getFirst().passwords());
        clock.pass(Duration.ofHours(24));
        assertFalse(admits(basic("bob", FIRST)));
        assertTrue(admits(basic("bob", second)));
        assertEquals(1, book.users().getFirst().passwords());
    }

    @Test
    void neverMoreThanTwoPasswordsAreGood() {
        book.addUser(BY, "bob", FIRST, ALL, Optional.empty());
        String second = PasswordPolicy.generate();
        String third = PasswordPolicy.generate();
        book.changePassword(BY, "bob", second, Duration.ofHours(24));
        book.changePassword(BY, "bob", third, Duration.ofHours(24));
        assertFalse(admits(basic("bob", FIRST)));
        assertTrue(admits(basic("bob", second)));
        assertTrue(admits(basic("bob", third)));
    }

    @Test
    void withoutAnOverlapTheOldPasswordEndsAtOnce() {
        book.addUser(BY, "bob", FIRST, ALL, Optional.empty());
        assertTrue(admits(basic("bob", FIRST)));
        book.changePassword(BY, "bob", PasswordPolicy.generate(), Duration.ZERO);
        assertFalse(admits(basic("bob", FIRST)));
    }

    @Test
    void theConfigurationsUserWinsOverOneOfTheSameName() {
        book.addUser(BY, "bob", FIRST, EnumSet.of(Principal.Scope.READ), Optional.empty());
        var configured = authenticator.configured();
        configured.replace(List.of(configured.plainUser("bob", "from the settings file")), List.of());
        assertFalse(admits(basic("bob", FIRST)));
        assertTrue(admits(basic("bob", "from the settings file")));
    }

    @Test
    void theLastUseIsNoted() {
        var token = book.createToken(BY, "billing", ALL, Optional.empty(), Optional.empty());
        assertEquals(Optional.empty(), book.tokens().getFirst().lastUsed());
        assertTrue(admits("Bearer " + token.text()));
        org.awaitility.Awaitility.await()
                .until(() -> book.tokens().getFirst().lastUsed().isPresent());
        assertEquals(clock.instant(), book.tokens().getFirst().lastUsed().orElseThrow());
    }

    @Test
    void anExpiredTokenIsRefused() {
        var token = book.createToken(
                BY, "", ALL, Optional.empty(), Optional.of(clock.instant().plusSeconds(60)));
        assertTrue(admits("Bearer " + token.text()));
        clock.pass(Duration.ofSeconds(60));
        assertFalse(admits("Bearer " + token.text()));
        assertThrows(
                CredentialBook.Refused.class,
                () -> book.createToken(BY, "", ALL, Optional.empty(), Optional.of(clock.instant())));
    }

    @Test
    void noSecretIsInTheDatabaseOrTheLog() throws IOException {
        book.addUser(BY, "bob", FIRST, ALL, Optional.empty());
        var token = book.createToken(BY, "billing", ALL, Optional.empty(), Optional.empty());
        admits("Bearer " + token.text());
        store.close();
        log.close();
        try (var files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
                assertFalse(text.contains(FIRST) || text.contains(token.text()), file.toString());
            }
        }
        String lines = Files.readString(directory.resolve("security.log"));
        assertTrue(
                lines.contains(
                        "\"event\":\"user_created\",\"actor\":\"ada\",\"src_ip\":\"192.0.2.1\",\"req_id\":\"req-12345\""),
                lines);
        assertTrue(lines.contains("\"token\":\"" + token.id() + "\""), lines);
    }

    @Test
    void withoutTheLogNothingIsChanged() {
        var deaf = new CredentialBook(
                store,
                generation(),
                new SecurityLog() {
                    @Override
                    public void write(AuditEntry entry) {
                        throw new IllegalStateException("the disk is full");
                    }

                    @Override
                    public void count(AuditEntry entry) {
                        throw new IllegalStateException("the disk is full");
                    }

                    @Override
                    public String keyed(String value) {
                        return value;
                    }
                },
                clock);
        assertThrows(IllegalStateException.class, () -> deaf.addUser(BY, "bob", FIRST, ALL, Optional.empty()));
        assertEquals(List.of(), book.users());
    }

    @Test
    void aPoorPasswordOrAPoorNameIsRefused() {
        assertThrows(
                CredentialBook.Refused.class,
                () -> book.addUser(BY, "bob", "passwordpasswordpassword", ALL, Optional.empty()));
        for (String name : List.of("", "a:b", "a b", "a,b", "ä", "x\ny")) {
            assertThrows(CredentialBook.Refused.class, () -> book.addUser(BY, name, FIRST, ALL, Optional.empty()));
        }
        assertEquals(List.of(), book.users());
    }
}
