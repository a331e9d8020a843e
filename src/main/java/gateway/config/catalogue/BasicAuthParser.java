package gateway.config.catalogue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import gateway.config.BasicUser;
import gateway.config.Invalid;
import gateway.config.Secret;

/**
 * Reads {@code APP_BASIC_AUTH}: {@code user:password} pairs separated by commas. The first colon of a pair splits it,
 * so a password may hold more of them; a plain password cannot hold a comma, but {@code $argon2id$v=19$m=…,t=…,p=…$…}
 * does.
 */
public final class BasicAuthParser {
    private static final Pattern ARGON2ID =
            Pattern.compile("\\$argon2id\\$v=19\\$m=([0-9]{1,7}),t=([0-9]{1,3}),p=([0-9]{1,2})"
                    + "\\$[A-Za-z0-9+/]{11,86}\\$[A-Za-z0-9+/]{22,86}");
    /** ASVS 5.0 6.2.9 asks that long pass phrases are allowed; beyond this they only cost. */
    private static final int MAX_PASSWORD = 256;

    private static final int MAX_NAME = 64;

    private BasicAuthParser() {}

    /**
     * The users that {@link BasicUser#text} wrote down.
     *
     * @throws IllegalArgumentException when the text is not a list of users
     */
    public static List<BasicUser> read(Secret text) {
        try {
            return parse(text.reveal());
        } catch (Invalid invalid) {
            throw new IllegalArgumentException("is not a list of users", invalid);
        }
    }

    static List<BasicUser> parse(String text) throws Invalid {
        var users = new ArrayList<BasicUser>();
        var names = new HashSet<String>();
        int at = 0;
        while (at <= text.length()) {
            int number = users.size() + 1;
            int colon = text.indexOf(':', at);
            int comma = text.indexOf(',', at);
            if (colon < 0 || (comma >= 0 && comma < colon)) {
                throw new Invalid(
                        "has no colon in pair " + number,
                        "write user:password pairs separated by commas; a password with a comma has to be given as its "
                                + "$argon2id$ hash");
            }
            var name = text.substring(at, colon).strip();
            int end = endOfPassword(text, colon + 1, number);
            users.add(new BasicUser(name(name, number), password(text.substring(colon + 1, end), number)));
            if (!names.add(name)) {
                throw new Invalid("names the user of pair " + number + " twice", "give every user once");
            }
            at = end + 1;
        }
        return List.copyOf(users);
    }

    private static int endOfPassword(String text, int start, int number) throws Invalid {
        if (text.startsWith("$argon2", start)) {
            var hash = ARGON2ID.matcher(text).region(start, text.length());
            if (!hash.lookingAt() || (hash.end() < text.length() && text.charAt(hash.end()) != ',')) {
                throw new Invalid(
                        "has a damaged hash in pair " + number,
                        "use the form $argon2id$v=19$m=12288,t=3,p=1$salt$hash, in single quotes where a shell reads it");
            }
            // Below: ASVS 5.0 appendix C's cheapest set. Above: one sign-in would take more memory than the service
            // has.
            if (outside(hash.group(1), 7168, 262_144)
                    || outside(hash.group(2), 1, 20)
                    || outside(hash.group(3), 1, 8)) {
                throw new Invalid(
                        "has a hash with unusable cost in pair " + number,
                        "hash with m from 7168 to 262144 KiB, t from 1 to 20 and p from 1 to 8");
            }
            return hash.end();
        }
        int comma = text.indexOf(',', start);
        return comma < 0 ? text.length() : comma;
    }

    private static boolean outside(String digits, int least, int most) {
        int value = Integer.parseInt(digits);
        return value < least || value > most;
    }

    private static String name(String name, int number) throws Invalid {
        if (name.isEmpty() || name.length() > MAX_NAME || name.chars().anyMatch(BasicUser::isUnreadable)) {
            throw new Invalid(
                    "has no usable user name in pair " + number,
                    "give a name of 1 to " + MAX_NAME + " characters before the colon");
        }
        return name;
    }

    private static BasicUser.Password password(String password, int number) throws Invalid {
        if (password.startsWith("$argon2")) {
            return new BasicUser.Argon2id(new Secret(password));
        }
        if (password.isEmpty()) {
            throw new Invalid("has an empty password in pair " + number, "give every user a password");
        }
        if (password.codePointCount(0, password.length()) > MAX_PASSWORD) {
            throw new Invalid(
                    "has a password of more than " + MAX_PASSWORD + " characters in pair " + number, "shorten it");
        }
        if (password.chars().anyMatch(BasicUser::isUnreadable) || !password.equals(password.strip())) {
            throw new Invalid(
                    "has a password in pair " + number + " that holds a control character or an outer space",
                    "remove that character");
        }
        return new BasicUser.Plain(new Secret(password));
    }

    /** The users, their passwords masked; all masked when the text cannot be understood. */
    static String mask(String text) {
        try {
            return parse(text).stream()
                    .map(user -> user.name() + ":" + Secret.MASK)
                    .collect(Collectors.joining(","));
        } catch (Invalid invalid) {
            return Secret.MASK;
        }
    }
}
