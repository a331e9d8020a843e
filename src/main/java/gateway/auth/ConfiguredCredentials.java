package gateway.auth;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;

/**
 * The accounts of the configuration: {@code APP_BASIC_AUTH} and {@code WHATSAPP_SECRET}. Can be replaced at run time.
 */
public final class ConfiguredCredentials implements CredentialSource {
    private static final String API_TOKEN = "WHATSAPP_SECRET";
    private static final String ADMIN_TOKEN = "ADMIN_TOKEN";

    private final ProcessKey key;
    private final AtomicReference<Credentials> current = new AtomicReference<>(Credentials.none());
    private volatile BiConsumer<Principal.Kind, Instant> oldUsed = (kind, when) -> {};

    ConfiguredCredentials(ProcessKey key) {
        this.key = key;
    }

    /** Whether the configuration's tokens go by this name. */
    static boolean isTokenName(String name) {
        return name.equals(API_TOKEN) || name.equals(ADMIN_TOKEN);
    }

    @Override
    public Credentials current() {
        return Objects.requireNonNull(current.get());
    }

    /**
     * Takes over a new set; what the old one admitted is checked again on the next request. The same set is no change.
     */
    public void replace(List<Credentials.User> users, List<Credentials.Token> tokens) {
        current.updateAndGet(old -> {
            var next = new Credentials(old.generation() + 1, users, tokens);
            return next.same(old) ? old : next;
        });
    }

    /** Who is told that somebody came with a password, or a token, that is on its way out. */
    public void whenOldIsUsed(BiConsumer<Principal.Kind, Instant> listener) {
        oldUsed = listener;
    }

    @Override
    public void used(Principal principal, Instant when, boolean retiring) {
        boolean ours = principal.kind() == Principal.Kind.TOKEN
                ? isTokenName(principal.name())
                : current().user(principal.name()).isPresent();
        if (retiring && ours) {
            oldUsed.accept(principal.kind(), when);
        }
    }

    /** A user with a password in clear; only its keyed hash is kept, the caller forgets the text. */
    public Credentials.User plainUser(String name, String password) {
        byte[] mac = key.of(password.getBytes(StandardCharsets.UTF_8));
        return new Credentials.User(Principal.user(name), List.of(new Password(new Password.Keyed(mac), Instant.MAX)));
    }

    /**
     * A user with a password as {@code $argon2id$…}.
     *
     * @throws IllegalArgumentException when it is no such hash
     */
    public Credentials.User hashedUser(String name, String hash) {
        return new Credentials.User(Principal.user(name), List.of(Password.hashed(Argon2.parse(hash))));
    }

    /**
     * The second guide's {@code WHATSAPP_SECRET}: a token that may send, and look at nothing.
     *
     * @param notAfter {@link Instant#MAX} for never
     */
    public Credentials.Token sendingToken(String secret, Instant notAfter) {
        var principal =
                new Principal(API_TOKEN, Principal.Kind.TOKEN, EnumSet.of(Principal.Scope.SEND), Optional.empty());
        return new Credentials.Token(principal, Credentials.digest(secret), notAfter);
    }

    /** The Admin API's token, which may administer and nothing else. */
    public Credentials.Token adminToken(String secret, Instant notAfter) {
        var principal =
                new Principal(ADMIN_TOKEN, Principal.Kind.TOKEN, EnumSet.of(Principal.Scope.MANAGE), Optional.empty());
        return new Credentials.Token(principal, Credentials.digest(secret), notAfter);
    }

    /** Both passwords good for one user; the first ends at {@code notAfter}. For a rotation by configuration. */
    public Credentials.User rotating(Credentials.User old, Credentials.User fresh, Instant notAfter) {
        var passwords = new ArrayList<Password>(fresh.passwords());
        old.passwords().forEach(password -> passwords.add(new Password(password.form(), notAfter)));
        return new Credentials.User(fresh.principal(), passwords);
    }
}
