package gateway.config;

import java.util.List;
import java.util.stream.Collectors;

/** A user who signs in with HTTP Basic (RFC 7617), as configured in {@code APP_BASIC_AUTH}. */
public record BasicUser(String name, Password password) {

    /** What a presented password is compared with. */
    public sealed interface Password {}

    /** A password in clear, still to be hashed. */
    public record Plain(Secret text) implements Password {}

    /** A hash in the PHC form {@code $argon2id$v=19$m=…,t=…,p=…$salt$hash}; a secret too, as it can be guessed at. */
    public record Argon2id(Secret encoded) implements Password {}

    /** Whether a login with this character is not read: a control character, or another end of a line. */
    public static boolean isUnreadable(int c) {
        return Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
    }

    /** The users as {@code APP_BASIC_AUTH} holds them. */
    public static Secret text(List<BasicUser> users) {
        return new Secret(users.stream()
                .map(user -> user.name() + ":"
                        + switch (user.password()) {
                            case Plain(Secret text) -> text.reveal();
                            case Argon2id(Secret encoded) -> encoded.reveal();
                        })
                .collect(Collectors.joining(",")));
    }
}
