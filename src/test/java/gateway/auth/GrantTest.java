package gateway.auth;

import static gateway.auth.AuthenticatorRig.basic;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import gateway.audit.AuditLog;
import gateway.audit.AuditMetrics;
import gateway.store.Database;
import gateway.store.Store;

/** A right that outlives its request is lost when its credential is. */
class GrantTest {
    private static final CredentialBook.By BY = new CredentialBook.By("ada", "192.0.2.1", "req-12345");
    private static final InetAddress HOME = Network.address("192.0.2.1").orElseThrow();
    private static final EnumSet<Principal.Scope> READ = EnumSet.of(Principal.Scope.READ);

    @TempDir
    Path directory;

    private final MovingClock clock = new MovingClock();
    private final List<Optional<Principal>> heard = new CopyOnWriteArrayList<>();
    private Store store;
    private AuditLog log;
    private CredentialBook book;
    private Authenticator authenticator;

    /** The number is asked for in the database, as it is by several nodes on one server. */
    @BeforeEach
    void open() throws Exception {
        store = Store.open(new Database.Sqlite(directory.resolve("whatsapp.db")));
        log = new AuditLog(
                directory.resolve("security.log"),
                directory.resolve("keys"),
                Clock.systemUTC(),
                line -> {},
                AuditMetrics.NONE);
        book = new CredentialBook(store, StoredCredentials.onServer(store), log, clock);
        authenticator = new Authenticator(
                source -> new StoredCredentials(store, source, StoredCredentials.onServer(store)), clock);
    }

    @AfterEach
    void close() {
        authenticator.close();
        log.close();
        store.close();
    }

    private Grant granted(String header) {
        var grant = assertInstanceOf(Admission.Admitted.class, authenticator.authenticate(header, HOME))
                .grant();
        grant.follow(heard::add);
        return grant;
    }

    private void lost(Grant grant) {
        await().until(() -> !heard.isEmpty() && heard.getLast().isEmpty());
        assertEquals(Optional.empty(), grant.now());
        assertEquals(0, authenticator.followedRights());
    }

    @Test
    void withARevokedToken() {
        var token = book.createToken(BY, "", READ, Optional.of("phone"), Optional.empty());
        var grant = granted("Bearer " + token.text());
        assertEquals(token.id(), grant.now().orElseThrow().name());
        book.revokeToken(BY, token.id());
        lost(grant);
    }

    @Test
    void withATokenThatEnds() {
        var token = book.createToken(
                BY, "", READ, Optional.empty(), Optional.of(clock.instant().plusSeconds(60)));
        var grant = granted("Bearer " + token.text());
        clock.pass(Duration.ofSeconds(60));
        lost(grant);
    }

    @Test
    void withAPasswordThatWasChangedButNotBeforeItsOverlapIsOver() {
        String first = PasswordPolicy.generate();
        book.addUser(BY, "bob", first, READ, Optional.empty());
        var grant = granted(basic("bob", first));
        book.changePassword(BY, "bob", PasswordPolicy.generate(), Duration.ofHours(1));
        assertTrue(grant.now().isPresent());
        clock.pass(Duration.ofHours(1));
        lost(grant);
    }

    @Test
    void withAUserThatWasRevoked() {
        String password = PasswordPolicy.generate();
        book.addUser(BY, "bob", password, READ, Optional.empty());
        var grant = granted(basic("bob", password));
        book.revokeUser(BY, "bob");
        lost(grant);
    }

    @Test
    void withACredentialThatTheConfigurationReplaced() {
        var configured = authenticator.configured();
        configured.replace(List.of(configured.plainUser("ada", "the first of her passwords")), List.of());
        var grant = granted(basic("ada", "the first of her passwords"));
        configured.replace(List.of(configured.plainUser("ada", "the second of her passwords")), List.of());
        lost(grant);
    }

    @Test
    void anotherScopeOrDeviceIsToldAndTheRightGoesOn() {
        var token = book.createToken(BY, "", READ, Optional.of("phone"), Optional.empty());
        var grant = granted("Bearer " + token.text());
        store.write(tx -> tx.update("UPDATE account_token SET device = 'tablet' WHERE id = ?", token.id())
                + tx.update("UPDATE account_generation SET generation = generation + 1 WHERE id = 1"));
        await().until(() ->
                !heard.isEmpty() && heard.getLast().flatMap(Principal::device).equals(Optional.of("tablet")));
        assertEquals(Optional.of("tablet"), grant.now().orElseThrow().device());
    }
}
