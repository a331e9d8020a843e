package gateway.rotation;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import gateway.auth.Argon2;
import gateway.config.BasicUser;
import gateway.config.Origin;
import gateway.config.Secret;
import gateway.config.SecretGenerator;
import gateway.config.Settings;
import gateway.config.catalogue.SecretKind;
import gateway.config.reading.SettingsReader;
import gateway.secret.Ledger;

/**
 * The secrets of the settings. A new one is written where the old one comes from; where no program can write (systemd
 * credentials, environment, Kubernetes' mounts), the ledger keeps it and it counts instead, until the source itself
 * changes.
 */
final class SourceSecrets {
    private final SettingsReader reader;
    private final Ledger ledger;
    private final InstantSource clock;

    SourceSecrets(SettingsReader reader, Ledger ledger, InstantSource clock) {
        this.reader = reader;
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * A value made and not yet in force.
     *
     * @param text  as the source is to hold it
     * @param shown as the client needs it
     */
    record Fresh(Secret text, Secret shown) {}

    /** The settings as they are in force: rotations applied. */
    Settings settings() {
        return ledger.read().applied(fromSources());
    }

    private Settings fromSources() {
        var configuration = reader.read();
        return configuration
                .settings()
                .orElseThrow(() -> new RotationRefused(configuration.errors().stream()
                        .map(problem -> problem.sentence())
                        .collect(Collectors.joining(" "))));
    }

    Secret present(SecretKind kind) {
        return kind.in(settings())
                .orElseThrow(() -> new RotationRefused(
                        "There is no " + kind.label() + " to rotate: " + kind.settingName() + " is not set."));
    }

    /** Whether whoever needs the new value can read it at its source. */
    boolean isReadable(SecretKind kind) {
        return reader.origin(kind)
                        .map(Origin::kind)
                        .filter(SourceSecrets::isWritten)
                        .isPresent()
                && (kind != SecretKind.BASIC_AUTH
                        || settings().auth().users().stream()
                                .noneMatch(user -> user.password() instanceof BasicUser.Argon2id));
    }

    /** Whether the value in force is another one than its source gives. */
    boolean isKeptInLedger(SecretKind kind) {
        return !kind.in(settings()).equals(kind.in(fromSources()));
    }

    /** Where the new value will be kept. */
    String place(SecretKind kind) {
        return reader.origin(kind)
                .filter(origin -> isWritten(origin.kind()))
                .map(Origin::toString)
                .orElseGet(() -> "the ledger of secrets, because "
                        + reader.origin(kind).map(Origin::toString).orElse("its source") + " cannot be written to");
    }

    static boolean isWritten(Origin.Kind kind) {
        return switch (kind) {
            case FILE, DOTENV, VAULT, AWS -> true;
            case FLAG, CREDENTIAL, ENVIRONMENT, MOUNTED, DEFAULT -> false;
        };
    }

    Fresh fresh(SecretKind kind, Optional<String> user) {
        if (kind != SecretKind.BASIC_AUTH) {
            var secret = SecretGenerator.generate();
            return new Fresh(secret, secret);
        }
        var present = settings().auth().users();
        if (user.isPresent() && present.stream().noneMatch(one -> one.name().equals(user.get()))) {
            throw new RotationRefused("APP_BASIC_AUTH has no user " + user.get() + ".");
        }
        var shown = new ArrayList<BasicUser>();
        List<BasicUser> users = present.stream()
                .map(one -> {
                    if (user.isPresent() && !one.name().equals(user.get())) {
                        return one;
                    }
                    var password = SecretGenerator.generate();
                    shown.add(new BasicUser(one.name(), new BasicUser.Plain(password)));
                    return new BasicUser(
                            one.name(),
                            switch (one.password()) {
                                case BasicUser.Plain _ -> new BasicUser.Plain(password);
                                case BasicUser.Argon2id _ ->
                                    new BasicUser.Argon2id(new Secret(
                                            Argon2.of(password.reveal().toCharArray())
                                                    .toString()));
                            });
                })
                .toList();
        return new Fresh(BasicUser.text(users), BasicUser.text(shown));
    }

    /** The old one stays good for the overlap; an overlap of nothing ends all old ones. */
    Optional<Instant> keepOld(SecretKind kind, Secret old, Duration overlap) {
        if (overlap.isZero()) {
            ledger.retire(kind);
            return Optional.empty();
        }
        var until = clock.instant().plus(overlap);
        ledger.begin(kind, old, until);
        return Optional.of(until);
    }

    /**
     * Puts the value where the present one comes from, or into the ledger.
     *
     * @return where it is now
     */
    String put(SecretKind kind, Secret value) {
        try {
            var written = reader.replace(kind, value);
            if (written.isPresent()) {
                return written.get().toString();
            }
        } catch (IOException e) {
            throw new RotationRefused(
                    "The new " + kind.label() + " could not be stored at its source: "
                            + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage())
                            + ". Nothing was changed.",
                    e);
        }
        ledger.supersede(kind, kind.in(fromSources()).orElseThrow(), value);
        return "the ledger of secrets, in place of "
                + reader.origin(kind).map(Origin::toString).orElse("the one of DB_URI");
    }
}
