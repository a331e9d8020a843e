package gateway.auth;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Who a request acts for.
 *
 * @param name   of the user, or the id of the token ({@code tok_…}); never a secret, fit for logs
 * @param kind   how it proved itself
 * @param scopes what it may do
 * @param device the one device it may use; empty means all of them
 */
public record Principal(String name, Kind kind, Set<Scope> scopes, Optional<String> device) {

    /** A person or program with a password (Basic), or a program with a token (Bearer). */
    public enum Kind {
        USER,
        TOKEN
    }

    /** What a credential is good for; a wider scope does not contain a narrower one. */
    public enum Scope {
        /** Send and change messages. */
        SEND,
        /** Look at chats, messages, devices and status. */
        READ,
        /** Pair and remove devices, users, tokens and webhooks. */
        MANAGE;

        /**
         * Reads {@code send,read}.
         *
         * @throws IllegalArgumentException naming what is not a scope
         */
        public static Set<Scope> parse(String list) {
            var scopes = EnumSet.noneOf(Scope.class);
            for (String word : list.split("[,\\s]+")) {
                if (!word.isEmpty()) {
                    scopes.add(one(word));
                }
            }
            if (scopes.isEmpty()) {
                throw new IllegalArgumentException("at least one of send, read, manage is needed");
            }
            return scopes;
        }

        private static Scope one(String word) {
            for (Scope scope : values()) {
                if (scope.text().equals(word)) {
                    return scope;
                }
            }
            throw new IllegalArgumentException("a scope is one of send, read, manage");
        }

        /** As it is written in tables and replies. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The list that {@link #parse} reads. */
        public static String text(Set<Scope> scopes) {
            return EnumSet.copyOf(scopes).stream()
                    .map(Scope::text)
                    .reduce((a, b) -> a + "," + b)
                    .orElseThrow();
        }
    }

    public Principal {
        Objects.requireNonNull(name);
        Objects.requireNonNull(kind);
        Objects.requireNonNull(device);
        if (scopes.isEmpty()) {
            throw new IllegalArgumentException("A principal without a scope could do nothing: " + name);
        }
        scopes = Set.copyOf(scopes);
    }

    /** A user with every scope on every device, as the ones in {@code APP_BASIC_AUTH} are. */
    public static Principal user(String name) {
        return new Principal(name, Kind.USER, EnumSet.allOf(Scope.class), Optional.empty());
    }

    public boolean may(Scope scope) {
        return scopes.contains(scope);
    }

    /**
     * A name that no principal of the other kind has, for what is stored as this one's own. It is {@link #name} but for
     * a user who is called as a token is: {@code user:} stands before that one, and no user's name has a colon (RFC
     * 7617 §2).
     */
    public String owner() {
        boolean mistakable = kind == Kind.USER
                && (name.startsWith(CredentialBook.TOKEN_ID) || ConfiguredCredentials.isTokenName(name));
        return mistakable ? "user:" + name : name;
    }

    /** Whether it may use this device. */
    public boolean mayUse(String deviceId) {
        return device.isEmpty() || device.get().equals(deviceId);
    }
}
