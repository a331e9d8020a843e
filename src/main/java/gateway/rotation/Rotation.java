package gateway.rotation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import gateway.audit.AuditEntry;
import gateway.audit.SecurityEvent;
import gateway.audit.SecurityLog;
import gateway.auth.CredentialBook;
import gateway.config.Secret;
import gateway.config.SecretGenerator;
import gateway.config.catalogue.SecretKind;
import gateway.config.reading.SettingsReader;
import gateway.secret.Entry;
import gateway.secret.Ledger;
import gateway.store.Store;
import gateway.store.StoreFault;
import gateway.webhook.EndpointBook;

/**
 * Rotates secrets. Each is in the security log before anything is done. The old one is noted as good before the new one
 * is anywhere, so that no crash between two steps leaves a client, a receiver or the gateway itself outside.
 */
public final class Rotation {
    /** How long a running server may take to take a step over; it needs a few hundred milliseconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** The database's old password must outlast the change on the server, however short the overlap. */
    private static final Duration MIN_DATABASE_OVERLAP = Duration.ofMinutes(10);

    private final SourceSecrets secrets;
    private final EncryptionKeyRotation encryption;
    private final Ledger ledger;
    private final Parts parts;

    /**
     * What it works on.
     *
     * @param store     the database, opened as the gateway opens it
     * @param endpoints webhook endpoints made at run time
     * @param accounts  users and tokens made at run time
     */
    public record Parts(
            SettingsReader reader,
            Ledger ledger,
            Store store,
            EndpointBook endpoints,
            CredentialBook accounts,
            SecurityLog log,
            InstantSource clock) {}

    public Rotation(Parts parts, EncryptionKeyRotation encryption) {
        this.parts = parts;
        this.ledger = parts.ledger;
        this.secrets = new SourceSecrets(parts.reader, ledger, parts.clock);
        this.encryption = encryption;
    }

    /** The secrets there are to rotate, in the order in which {@code all} does. */
    public List<SecretKind> present() {
        var settings = secrets.settings();
        return Arrays.stream(SecretKind.values())
                .filter(kind ->
                        kind == SecretKind.ENCRYPTION_KEY || kind.in(settings).isPresent())
                .toList();
    }

    /** Whether the secret has been what it is for longer than that; one whose age nobody noted is. */
    public boolean isOlder(SecretKind kind, Duration age) {
        return ledger.read()
                .entry(kind)
                .map(entry -> entry.since() <= parts.clock.instant().minus(age).toEpochMilli())
                .orElse(true);
    }

    /** Where a new one would be kept. */
    public String place(SecretKind kind) {
        return kind == SecretKind.ENCRYPTION_KEY ? encryption.place() : secrets.place(kind);
    }

    /** Whether the new value has to be shown or written out now, or nobody would ever learn it. */
    public boolean mustBeShown(SecretKind kind) {
        return switch (kind) {
            case BASIC_AUTH, API_TOKEN, ADMIN_TOKEN, WEBHOOK_SECRET -> !secrets.isReadable(kind);
            case DB_PASSWORD, ENCRYPTION_KEY -> false;
        };
    }

    /**
     * Gives a secret of the settings a new value.
     *
     * @param user    of {@code basic-auth}: the only one whose password changes; all when empty
     * @param overlap how long the old one stays good; zero ends it now
     * @throws RotationRefused when it could not be done; the old one is in force
     */
    public Rotated rotate(SecretKind kind, Optional<String> user, Duration overlap) {
        var done = switch (kind) {
            case ENCRYPTION_KEY -> logged(kind.label(), "rotate", () -> encryption.rotate(ledger));
            case DB_PASSWORD -> {
                var old = secrets.present(kind);
                yield logged(
                        kind.label(),
                        "rotate",
                        () -> database(old, secrets.fresh(kind, user).text(), overlap));
            }
            case BASIC_AUTH, API_TOKEN, ADMIN_TOKEN, WEBHOOK_SECRET -> {
                var old = secrets.present(kind);
                var fresh = secrets.fresh(kind, user);
                yield logged(kind.label(), "rotate", () -> plain(kind, old, fresh, overlap));
            }
        };
        ledger.observe(secrets.settings());
        return done;
    }

    private Rotated plain(SecretKind kind, Secret old, SourceSecrets.Fresh fresh, Duration overlap) {
        var until = secrets.keepOld(kind, old, overlap);
        var where = stored(kind, fresh.text());
        awaitServer(ledger.touch());
        return new Rotated(kind.label(), where, Optional.of(fresh.shown()), until, note(kind));
    }

    private String stored(SecretKind kind, Secret fresh) {
        try {
            return secrets.put(kind, fresh);
        } catch (RotationRefused e) {
            ledger.retire(kind);
            throw e;
        }
    }

    /**
     * The server knows one password at a time. Ours is stored first; a running gateway that is refused with it comes
     * with the old one, until the server knows the new one. A crash in between leaves both in the ledger.
     */
    private Rotated database(Secret old, Secret fresh, Duration overlap) {
        var kind = SecretKind.DB_PASSWORD;
        secrets.keepOld(kind, old, overlap.compareTo(MIN_DATABASE_OVERLAP) < 0 ? MIN_DATABASE_OVERLAP : overlap);
        var where = stored(kind, fresh);
        awaitServer(ledger.touch());
        try {
            parts.store.changePassword(fresh.reveal());
        } catch (StoreFault e) {
            secrets.put(kind, old);
            ledger.retire(kind);
            throw new RotationRefused(e.getMessage(), e);
        }
        parts.store.passwords(List.of(fresh.reveal()));
        return new Rotated(kind.label(), where, Optional.empty(), Optional.empty(), note(kind));
    }

    private String note(SecretKind kind) {
        return secrets.isKeptInLedger(kind)
                ? kind.settingName() + " still gives the old one where it is set; change it there when you can."
                : "";
    }

    /** Whether the user is one of {@code APP_BASIC_AUTH}. */
    public boolean isConfigured(String user) {
        return secrets.settings().auth().users().stream()
                .anyMatch(one -> one.name().equals(user));
    }

    /** Gives a user of the database a new password. */
    public Rotated storedUser(String name, Duration overlap) {
        var fresh = SecretGenerator.generate();
        parts.accounts.changePassword(CredentialBook.By.command(), name, fresh.reveal(), overlap);
        return new Rotated(
                "basic-auth",
                "the database, as a hash",
                Optional.of(new Secret(name + ":" + fresh.reveal())),
                until(overlap),
                "");
    }

    /** Makes a token that takes the place of another one. */
    public Rotated storedToken(String id, Duration overlap) {
        var made = parts.accounts.replaceToken(CredentialBook.By.command(), id, overlap);
        return new Rotated(
                "api-token",
                "the database, as a hash; its id is " + made.id(),
                Optional.of(new Secret(made.text())),
                until(overlap),
                "");
    }

    /** Gives a webhook endpoint of the database a new secret. */
    public Rotated storedEndpoint(String id, Duration overlap) {
        var fresh = SecretGenerator.generate();
        return logged("webhook-secret " + id, "rotate", () -> {
            parts.endpoints.rotateSecret(id, fresh.reveal(), overlap);
            return new Rotated("webhook-secret", "the database, sealed", Optional.of(fresh), until(overlap), "");
        });
    }

    private Optional<Instant> until(Duration overlap) {
        return overlap.isZero()
                ? Optional.empty()
                : Optional.of(parts.clock.instant().plus(overlap));
    }

    /** Ends the old one now. */
    public void retire(SecretKind kind) {
        logged(kind.label(), "retire", () -> {
            awaitServer(ledger.retire(kind));
            return kind;
        });
    }

    /** Every secret there is, with where it comes from and what the ledger knows of it. */
    public Map<SecretKind, Status> status() {
        var snapshot = ledger.read();
        var all = new LinkedHashMap<SecretKind, Status>();
        present().forEach(kind -> all.put(kind, new Status(place(kind), snapshot.entry(kind))));
        return all;
    }

    /** How a secret stands. */
    public record Status(String place, Optional<Entry> entry) {}

    private <T> T logged(String secret, String act, Supplier<T> work) {
        var details = Map.of("secret", secret, "act", act);
        var by = CredentialBook.By.command();
        parts.log.write(
                new AuditEntry(SecurityEvent.SENSITIVE_UPDATE, by.actor(), "-", "-", AuditEntry.SUCCESS, details));
        try {
            return work.get();
        } catch (RuntimeException e) {
            parts.log.write(
                    new AuditEntry(SecurityEvent.SENSITIVE_UPDATE, by.actor(), "-", "-", AuditEntry.FAILURE, details));
            throw e;
        }
    }

    private void awaitServer(long revision) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (ledger.awaited(revision)) {
                if (System.nanoTime() > end) {
                    throw new RotationRefused(
                            "The running server has not taken the change over within " + PATIENCE.toSeconds()
                                    + " s: its log says why. The old secret is still good there; repair the cause, then rotate again.");
                }
                Thread.sleep(10);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RotationRefused("Interrupted while the running server takes the change over.", e);
        }
    }
}
