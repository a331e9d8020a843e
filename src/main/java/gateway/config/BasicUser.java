package gateway.config;

/** A user who signs in with HTTP Basic (RFC 7617), as configured in {@code APP_BASIC_AUTH}. */
public record BasicUser(String name, Password password) {

    /** What a presented password is compared with. */
    public sealed interface Password {
    }

    /** A password in clear, still to be hashed. */
    public record Plain(Secret text) implements Password {
    }

    /** A hash in the PHC form {@code $argon2id$v=19$m=…,t=…,p=…$salt$hash}; a secret too, as it can be guessed at. */
    public record Argon2id(Secret encoded) implements Password {
    }
}
